-- A search's number is one of an agreement and a registry, as everything else of it is found; and who subscribes by the DCI standard is told under the name
-- they go by there. A subscription from before has none: it is told under the id of its client.
DROP INDEX "governance"."dci_transaction_search";
--> statement-breakpoint
CREATE UNIQUE INDEX "dci_transaction_search" ON "governance"."dci_transaction" USING btree ("client_id","agreement_number","registry","transaction_id") WHERE action = 'search';
--> statement-breakpoint
ALTER TABLE "governance"."dci_subscription" ADD COLUMN "sender" text;
--> statement-breakpoint
ALTER TABLE "governance"."dci_subscription" ADD CONSTRAINT "dci_subscription_sender" CHECK (length(sender) between 1 and 99);
