"""Examines the installation, the machine and an archive, and says what to mend."""
