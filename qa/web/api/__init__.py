"""What programs may call: Gradio endpoints, plain HTTP, and MCP tools."""
