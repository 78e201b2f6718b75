"""Opens people's files in a child process, so that a hostile file can crash only the child.

The bot runs the child by `process`; the child is `python -m bot.file_sandbox TASK`. The child has
limits of memory and time, gets none of the bot's settings, and can't write files.
"""
