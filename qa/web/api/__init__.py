"""The interface for programs: Gradio endpoints, plain HTTP and MCP tools."""
