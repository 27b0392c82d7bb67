-- Where a lesson was said, and the discrepancy that taught it.
ALTER TABLE lessons
  ADD COLUMN link text,
  ADD COLUMN discrepancy bigint REFERENCES discrepancies;
