"""How long actions wait, in seconds, and why each waits that long."""

AWS_CALL = 9.0
"""For any sign of life from a call to AWS: together with the worker's start it stays below ten seconds."""
SSO_LOGIN = 10.0
"""For one answer of SSO during a login; the wait for the user in the browser does not count."""
SSO_LOGOUT = 5.0
"""For SSO's answer to a logout: the files are deleted here with or without it."""
ONLINE_ANSWER = 5.0
"""For one answer of a server or a program to an online check."""
ONLINE_CHECK = 20.0
"""For a whole online check, which may take several answers: a chain of roles, a ``credential_process``."""
AWS_VERSION = 10.0
"""For ``aws --version`` before a login: it starts a large Python program."""
BROWSER = 3.0
"""For a program that opens a browser to fail; one that still runs by then is the browser itself."""
BROWSER_COMES = 60.0
"""For a browser that was opened to ask for its page: it may have to start, and to ask the user."""

WORKER_START = 10.0
"""For the worker's first word, at least: it imports botocore."""
WORKER_EXIT = 1.0
"""For the worker to end by itself once it has given its result."""
WORKER_TERMINATION = 0.3
"""Between SIGTERM and SIGKILL."""
CTRL_C = 10.0
"""For an action to end once ctrl+c was pressed on the command line; pressing it again ends the wait."""

PROCESS_LOCK = 30.0
"""For another process that renews the same credentials; a person who types a code may take longer."""
DIRECTORY_LOCK = 5.0
"""For another rolecall that saves in the same directory."""
LEFTOVER = 600.0
"""The age from which the file of an interrupted save is abandoned, where its directory cannot be locked."""
