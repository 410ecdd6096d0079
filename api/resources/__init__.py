"""What the resources of the interface hold, whoever asks for them: over HTTP or by a tool of an assistant."""
