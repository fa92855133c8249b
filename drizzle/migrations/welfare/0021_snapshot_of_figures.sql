-- What earlier files of this issue wrote by hand, for the tool that compares tables.
SELECT 1;
