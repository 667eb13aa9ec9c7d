"""What is asked: checked, understood once, and made whole where it is a follow-up."""
