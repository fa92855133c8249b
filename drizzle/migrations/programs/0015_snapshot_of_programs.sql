-- What the files before made by hand, for the snapshot beside it.
SELECT 1;
