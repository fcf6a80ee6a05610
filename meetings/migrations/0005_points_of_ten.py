import django.core.validators
from django.db import migrations, models
from django.db.models import F


def doubled(apps, schema_editor):
    apps.get_model("meetings", "Rating").objects.update(points=F("points") * 2)


class Migration(migrations.Migration):
    dependencies = [("meetings", "0004_improvement")]

    operations = [
        migrations.RemoveConstraint(model_name="rating", name="one_to_five_stars"),
        migrations.RenameField(model_name="rating", old_name="stars", new_name="points"),
        migrations.AlterField(
            model_name="rating",
            name="points",
            field=models.PositiveSmallIntegerField(
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(10),
                ]
            ),
        ),
        migrations.RunPython(doubled, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="rating",
            constraint=models.CheckConstraint(
                condition=models.Q(("points__range", (1, 10))), name="one_to_ten_points"
            ),
        ),
    ]
