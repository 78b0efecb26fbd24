"""Files for people: printed pages as PDF, a Chinese typeface of the machine for them, and pictures."""
