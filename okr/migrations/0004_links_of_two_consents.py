import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PERSON = {'blank': True, 'null': True, 'on_delete': django.db.models.deletion.PROTECT, 'related_name': '+'}
CONSENTED = models.Q(
    models.Q(('accepted_at', None), ('accepted_by', None)),
    models.Q(
        ('accepted_at__isnull', False),
        ('accepted_by__isnull', False),
        ('asked_by__isnull', False),
        models.Q(('accepted_by', models.F('asked_by')), _negated=True),
    ),
    _connector='OR',
)


def ended(model):
    """Who asked for the helping side, and how a link ended."""
    return [
        migrations.AddField(
            model, 'from_helper', models.BooleanField(default=False, help_text='Asked by the side that helps.'), preserve_default=False
        ),
        migrations.AddField(model, 'ended_at', models.DateTimeField(blank=True, null=True)),
        migrations.AddField(model, 'ended_by', models.ForeignKey(to=settings.AUTH_USER_MODEL, **PERSON)),
        migrations.AddField(model, 'reason', models.CharField(blank=True, max_length=300)),
    ]


class Migration(migrations.Migration):

    dependencies = [('okr', '0003_grades_and_reset'), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.RemoveField('keyresult', 'contributes'),
        migrations.RenameField('contribution', 'proposed_at', 'asked_at'),
        migrations.RenameField('contribution', 'proposed_by', 'asked_by'),
        *ended('contribution'),
        *ended('share'),
        migrations.RemoveConstraint('contribution', 'one_contribution_of_a_pair'),
        migrations.RemoveConstraint('share', 'one_share_of_a_department'),
        migrations.AddConstraint(
            'contribution',
            models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('giver', 'receiver'), name='one_contribution_of_a_pair'),
        ),
        migrations.AddConstraint(
            'share',
            models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('result', 'department'), name='one_share_of_a_department'),
        ),
        migrations.AddConstraint('contribution', models.CheckConstraint(condition=CONSENTED, name='contribution_is_wanted_by_two')),
        migrations.AddConstraint('share', models.CheckConstraint(condition=CONSENTED, name='share_is_wanted_by_two')),
    ]
