"""The chat page; the only room with Gradio in it."""
