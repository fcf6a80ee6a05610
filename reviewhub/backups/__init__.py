"""Backup and restore of a whole installation: database and uploaded files in one verified archive (F35)."""
