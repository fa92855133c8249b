#!/bin/sh
# Pages of a registered document with curl and a POSIX shell. What it needs stands in the environment, as in ../README.md.
set -eu
: "${DTKS_HUB:?the hub}" "${DTKS_TOKEN_URL:?where tokens come from}" "${DTKS_CLIENT:?}" "${DTKS_CLIENT_SECRET:?}" "${DTKS_AGREEMENT:?}"
here=$(dirname "$0")
manifest=${DTKS_DOCUMENTS:-$here/../typescript/example/documents.json}

# Secrets go in by a file descriptor, never as an argument: everybody on this machine can read those.
form() { printf 'user = "%s:%s"\n' "$DTKS_CLIENT" "$DTKS_CLIENT_SECRET"; }
token=$(form | curl -sS --fail-with-body -K - --data grant_type=client_credentials "$DTKS_TOKEN_URL" |
  sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p')
[ -n "$token" ] || { echo "the issuer gives no token" >&2; exit 1; }

# The hash under which the manifest keeps the question of that name.
id=$(sed -n 's/^ *"\([0-9a-f]\{64\}\)": "query Households(.*/\1/p' "$manifest")

ask() {
  printf 'header = "authorization: Bearer %s"\n' "$token" |
    curl -sS --fail-with-body -K - --retry 3 -H 'content-type: application/json' -H 'accept: application/graphql-response+json' \
      -H "hub-agreement: $DTKS_AGREEMENT" --data "{\"documentId\":\"sha256:$id\",\"variables\":{\"first\":20,\"after\":$1}}" "$DTKS_HUB/graphql"
}

after=null
while :; do
  page=$(ask "$after")
  printf '%s\n' "$page"
  case $page in *'"hasNextPage":true'*) ;; *) break ;; esac
  after=$(printf '%s' "$page" | sed -n 's/.*"endCursor":\("[^"]*"\).*/\1/p')
  [ -n "$after" ] || break
done
