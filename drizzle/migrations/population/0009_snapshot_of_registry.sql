-- The tables as drizzle knows them: what migrations by hand have made. Nothing is left to do.
SELECT 1;
