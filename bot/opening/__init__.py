"""Files that people send are opened in a child process, so that one file can end only that.

`process` is the bot's side; `python -m bot.opening TASK` is the child. It has limits of memory and
time, none of the bot's settings, and may write no file.
"""
