"""Opens people's files in a child process, so that a hostile file can crash only the child.

`process` is the bot's side; `python -m bot.file_sandbox TASK` is the child. The child has limits of
memory and time, none of the bot's settings, and can't write files.
"""
