"""What is asked: checked, understood once, and made whole where it follows on an earlier question."""
