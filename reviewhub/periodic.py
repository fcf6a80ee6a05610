"""What beat does how often; `manage.py sweep` does each of it once."""

CELERY_BEAT_SCHEDULE = {
    "heartbeat": {"task": "reviewhub.health.tasks.beat", "schedule": 15.0},
    "notices": {"task": "reviewhub.notices.tasks.tick", "schedule": 60.0},
    "imports": {"task": "metrics.tasks.sweep_imports", "schedule": 60.0},
    "checks": {"task": "metrics.tasks.sweep_checks", "schedule": 60.0},
    "facts": {"task": "metrics.tasks.digest_facts", "schedule": 60.0},
    "answers": {"task": "reviewhub.api.tasks.forget_answers", "schedule": 3600.0},
    "trust": {"task": "metrics.tasks.judge_trust", "schedule": 60.0},
    "delays": {"task": "metrics.tasks.move_deadlines", "schedule": 60.0},
    "sources": {"task": "metrics.tasks.pull_sources", "schedule": 60.0},
    "effects": {"task": "actions.tasks.look_at_effects", "schedule": 3600.0},
    "lobbies": {"task": "meetings.tasks.open_lobbies", "schedule": 60.0},
}
