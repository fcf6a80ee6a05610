from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('okr', '0001_initial')]

    operations = [
        migrations.AddField(
            model_name='measurement',
            name='confidence',
            field=models.CharField(blank=True, choices=[('high', 'High'), ('mid', 'Medium'), ('low', 'Low')], max_length=4),
        ),
    ]
