"""Reading passages: which of their words answer a question, and do any?"""
