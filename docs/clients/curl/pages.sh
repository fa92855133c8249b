#!/bin/sh
# Pages of a registered document with curl and a POSIX shell. What it needs stands in the environment, as in ../README.md.
set -eu
: "${DTKS_HUB:?the hub}" "${DTKS_TOKEN_URL:?where tokens come from}" "${DTKS_CLIENT:?}" "${DTKS_CLIENT_SECRET:?}" "${DTKS_AGREEMENT:?}"
here=$(dirname "$0")
manifest=${DTKS_DOCUMENTS:-$here/../typescript/example/documents.json}

# Secrets go in by a file descriptor, never as an argument: everybody on this machine can read those.
quoted() { printf '%s' "$1" | sed 's/[\\"]/\\&/g'; }
form() { printf 'user = "%s:%s"\n' "$(quoted "$DTKS_CLIENT")" "$(quoted "$DTKS_CLIENT_SECRET")"; }

# No token or secret goes in the clear to another machine.
proto() {
  case $1/ in
    *@*) echo =https ;;
    http://localhost[:/]* | http://127.0.0.1[:/]* | 'http://[::1]'[:/]*) echo =http ;;
    *) echo =https ;;
  esac
}

token=$(form | curl -sS --fail-with-body --proto "$(proto "$DTKS_TOKEN_URL")" --max-time 30 -K - --data grant_type=client_credentials "$DTKS_TOKEN_URL" |
  sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p')
[ -n "$token" ] || { echo "the issuer gives no token" >&2; exit 1; }

# The hash under which the manifest keeps the question of that name.
id=$(sed -n 's/^ *"\([0-9a-f]\{64\}\)": "query Households(.*/\1/p' "$manifest")

ask() {
  printf 'header = "authorization: Bearer %s"\n' "$token" |
    curl -sS --fail-with-body --proto "$(proto "$DTKS_HUB")" --max-time 30 --retry 3 --retry-max-time 60 -K - \
      -H 'content-type: application/json' -H 'accept: application/graphql-response+json' \
      -H "hub-agreement: $DTKS_AGREEMENT" --data "{\"documentId\":\"sha256:$id\",\"variables\":{\"first\":20,\"after\":$1}}" "$DTKS_HUB/graphql"
}

after=null
while :; do
  page=$(ask "$after")
  printf '%s\n' "$page"
  case $page in
    *'"hasNextPage":false'*) break ;;
    *'"hasNextPage":true'*) ;;
    *) echo "the list cannot be read further: no hasNextPage" >&2; exit 1 ;;
  esac
  after=$(printf '%s' "$page" | sed -n 's/.*"endCursor":\("[^"]*"\).*/\1/p')
  [ -n "$after" ] || { echo "there is more, and no cursor leads to it" >&2; exit 1; }
done
