"""Replies to a question for yes or no, and to "… Đúng không ạ?"."""
