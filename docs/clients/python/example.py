"""Token, registered document, pages, receipts verified, a table. What it needs stands in the environment, as in README.md."""

import os
import sys
import time
from pathlib import Path

from dtks_hub import Hub, HubError, Token, documents_in
from receipts import verify

MANIFEST = Path(__file__).parent.parent / "typescript" / "example" / "documents.json"


def verified(hub, document, given):
    for _ in range(60):  # a state that covers an answer is signed about a second after it
        claim = hub.ask(document, {"id": given["id"]})["data"]["receipt"]
        verdict = verify(given, claim, os.environ["DTKS_LOG_KEY"])
        if verdict != "PENDING":
            return verdict
        time.sleep(0.5)
    return "PENDING"


def main():
    token = Token(os.environ["DTKS_TOKEN_URL"], os.environ["DTKS_CLIENT"], os.environ["DTKS_CLIENT_SECRET"])
    hub = Hub(os.environ["DTKS_HUB"], token, os.environ.get("DTKS_AGREEMENT"))
    documents = documents_in(MANIFEST)
    given = []
    for nodes, answer in hub.pages(documents["Households"], {"first": 20}, lambda data: data["households"]):
        for household in nodes:
            region = household["region"] or {}
            decile = (household["deciles"] or [{}])[0].get("decile")
            print("%-12s %-24s %6s" % (region.get("code", "–"), region.get("name", "–"), decile if decile else "–"))
        given.append(answer["extensions"]["governance"]["receipt"])
    verdicts = [verified(hub, documents["Receipt"], receipt) for receipt in given]
    for receipt, verdict in zip(given, verdicts):
        print("receipt %s %s" % (receipt["id"], verdict))
    return 0 if all(verdict == "VERIFIED" for verdict in verdicts) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except HubError as error:
        sys.exit("%s: %s (request %s)" % (error.code, error, error.request_id))
