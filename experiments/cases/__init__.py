"""Cases: records of a firm that a run can follow."""
