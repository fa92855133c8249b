-- People of all agencies ask for files through one client of the hub: the 50 files open at one time are those of an agreement, which is one agency's, so that
-- none takes another's places.
CREATE OR REPLACE FUNCTION "governance"."export_job_rules"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  of_agreement bigint;
  of_asker bigint;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'queued' THEN RAISE EXCEPTION 'an export begins as queued' USING ERRCODE = 'HB001'; END IF;
    -- one after the other, so that however many come at once, no more are open
    PERFORM pg_advisory_xact_lock(hashtextextended('export_job ' || NEW.client_id, 0));
    SELECT count(*) FILTER (WHERE j.agreement_number = NEW.agreement_number), count(*) FILTER (WHERE j.officer_id IS NOT DISTINCT FROM NEW.officer_id)
      INTO of_agreement, of_asker
      FROM governance.export_job j WHERE j.client_id = NEW.client_id AND j.state IN ('queued', 'running', 'ready');
    IF of_asker >= 5 THEN RAISE EXCEPTION 'at most 5 exports of an asker are open: delete one first' USING ERRCODE = 'HB003'; END IF;
    IF of_agreement >= 50 THEN RAISE EXCEPTION 'at most 50 exports of a client under one agreement are open' USING ERRCODE = 'HB003'; END IF;
  ELSIF TG_OP = 'DELETE' THEN
    IF OLD.state IN ('queued', 'running', 'ready') OR OLD.asked_at > clock_timestamp() - interval '400 days' THEN
      RAISE EXCEPTION 'an export is kept for 400 days' USING ERRCODE = 'HB001';
    END IF;
    RETURN OLD;
  ELSIF OLD.state = NEW.state AND OLD.state IN ('ready', 'expired', 'failed') THEN
    RAISE EXCEPTION 'an export that has ended stays what it is' USING ERRCODE = 'HB001';
  ELSIF OLD.state <> NEW.state AND OLD.state || '>' || NEW.state NOT IN
    ('queued>running', 'queued>failed', 'running>queued', 'running>ready', 'running>failed', 'ready>expired') THEN
    RAISE EXCEPTION 'an export that is % cannot become %', OLD.state, NEW.state USING ERRCODE = 'HB001';
  END IF;
  RETURN NEW;
END $$;
