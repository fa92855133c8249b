-- Officers run the aid programs and govern nothing: a role that no rule about stewards names.
ALTER TABLE "governance"."steward_key" DROP CONSTRAINT "steward_key_roles";
--> statement-breakpoint
ALTER TABLE "governance"."steward_key" ADD CONSTRAINT "steward_key_roles" CHECK (roles <@ array['STEWARD', 'DPO', 'AUDITOR', 'OPERATOR', 'OFFICER', 'PROGRAM_OFFICER']);
