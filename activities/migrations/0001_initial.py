import activities.models.attachment
import datetime
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('core', '0001_initial'),
        ('customers', '0001_initial'),
        ('deals', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Activity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='updated')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='deleted')),
                ('kind', models.CharField(choices=[('call', 'Call'), ('mail', 'Mail'), ('meeting', 'Meeting'), ('note', 'Note'), ('chat', 'Chat'), ('social', 'Social media')], max_length=8, verbose_name='kind')),
                ('direction', models.CharField(choices=[('in', 'From the customer'), ('out', 'From us'), ('none', 'Neither')], default='out', max_length=4, verbose_name='direction')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
                ('duration_minutes', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(10080)], verbose_name='minutes')),
                ('subject', models.CharField(blank=True, max_length=200, verbose_name='subject')),
                ('body', models.TextField(blank=True, max_length=20000, verbose_name='notes')),
                ('outcome', models.CharField(blank=True, max_length=200, verbose_name='outcome')),
                ('handled_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='needs no answer')),
                ('form_key', models.UUIDField(blank=True, editable=False, null=True, verbose_name='form key')),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='activities', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('contacts', models.ManyToManyField(blank=True, related_name='activities', to='customers.contact', verbose_name='contacts')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='activities', to='customers.customer', verbose_name='customer')),
                ('deal', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='activities', to='deals.deal', verbose_name='deal')),
                ('origin', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.changeset', verbose_name='created by')),
                ('users', models.ManyToManyField(blank=True, related_name='attended_activities', to=settings.AUTH_USER_MODEL, verbose_name='colleagues')),
            ],
            options={
                'verbose_name': 'activity',
                'verbose_name_plural': 'activities',
                'ordering': ('-at', '-pk'),
                'indexes': [models.Index(condition=models.Q(('deleted_at__isnull', True)), fields=['customer', '-at', '-id'], name='activity_timeline'), models.Index(condition=models.Q(('deleted_at__isnull', True)), fields=['customer', 'kind', '-at', '-id'], name='activity_timeline_kind'), models.Index(condition=models.Q(('deal__isnull', False)), fields=['deal', '-at', '-id'], name='activity_by_deal'), models.Index(condition=models.Q(('deleted_at__isnull', True)), fields=['-at', '-id'], name='activity_by_date'), models.Index(condition=models.Q(('deleted_at__isnull', True)), fields=['author', '-at', '-id'], name='activity_by_author'), models.Index(condition=models.Q(('deleted_at__isnull', True), ('direction', 'in'), ('handled_at__isnull', True)), fields=['-at', '-id'], name='activity_incoming'), models.Index(condition=models.Q(('deleted_at__isnull', True), ('kind', 'meeting')), fields=['at', 'id'], name='activity_meetings')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('deleted_at__isnull', True), ('form_key__isnull', False)), fields=('form_key',), name='activity_form_once')],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='updated')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='deleted')),
                ('file', models.FileField(upload_to=activities.models.attachment.random_path, verbose_name='file')),
                ('name', models.CharField(max_length=150, verbose_name='name')),
                ('size', models.PositiveBigIntegerField(verbose_name='size')),
                ('sha256', models.CharField(max_length=64, verbose_name='checksum')),
                ('content_type', models.CharField(max_length=100, verbose_name='type')),
                ('activity', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='activities.activity', verbose_name='activity')),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='customers.customer', verbose_name='customer')),
                ('origin', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.changeset', verbose_name='created by')),
            ],
            options={
                'verbose_name': 'attachment',
                'verbose_name_plural': 'attachments',
                'ordering': ('-created_at', '-pk'),
                'indexes': [models.Index(condition=models.Q(('deleted_at__isnull', True)), fields=['customer', '-created_at', '-id'], name='attachment_customer')],
            },
        ),
        migrations.CreateModel(
            name='CadencePlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='updated')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='deleted')),
                ('interval', models.CharField(choices=[('weekly', 'Every week'), ('fortnightly', 'Every two weeks'), ('monthly', 'Every month'), ('quarterly', 'Every three months'), ('half_yearly', 'Every six months'), ('yearly', 'Every year')], max_length=12, verbose_name='how often')),
                ('channel', models.CharField(blank=True, choices=[('call', 'Call'), ('mail', 'Mail'), ('meeting', 'Meeting'), ('chat', 'Chat'), ('social', 'Social media')], max_length=8, verbose_name='by')),
                ('starts_on', models.DateField(verbose_name='first time')),
                ('not_before', models.DateField(blank=True, null=True, verbose_name='not before')),
                ('last_on', models.DateField(blank=True, editable=False, null=True, verbose_name='last contact')),
                ('next_on', models.DateField(blank=True, editable=False, null=True, verbose_name='next contact')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cadence_plans', to='customers.customer', verbose_name='customer')),
                ('origin', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.changeset', verbose_name='created by')),
            ],
            options={
                'verbose_name': 'cadence plan',
                'verbose_name_plural': 'cadence plans',
                'ordering': ('next_on', 'pk'),
                'indexes': [models.Index(condition=models.Q(('deleted_at__isnull', True)), fields=['next_on', 'id'], name='cadence_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('deleted_at__isnull', True)), fields=('customer',), name='cadence_once', violation_error_message='This customer already has a cadence.')],
            },
        ),
        migrations.CreateModel(
            name='CalendarLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=60, verbose_name='used in')),
                ('sha256', models.CharField(editable=False, max_length=64, unique=True, verbose_name='checksum')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='made')),
                ('last_used_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last read')),
                ('revoked_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='revoked')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_links', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'calendar link',
                'verbose_name_plural': 'calendar links',
                'ordering': ('-created_at', '-pk'),
                'indexes': [models.Index(fields=['user', '-created_at', '-id'], name='calendarlink_user')],
            },
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='updated')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='deleted')),
                ('title', models.CharField(max_length=200, verbose_name='what to do')),
                ('notes', models.TextField(blank=True, max_length=10000, verbose_name='notes')),
                ('due_on', models.DateField(verbose_name='due')),
                ('due_time', models.TimeField(blank=True, null=True, verbose_name='time')),
                ('due_sort', models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Coalesce(models.F('due_time'), models.Value(datetime.time(23, 59, 59), output_field=models.TimeField())), output_field=models.TimeField(), verbose_name='sorted as')),
                ('priority', models.PositiveSmallIntegerField(choices=[(1, 'Low'), (2, 'Normal'), (3, 'High')], default=2, verbose_name='priority')),
                ('done_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='done')),
                ('repeat', models.CharField(choices=[('none', 'Does not repeat'), ('daily', 'Every day'), ('weekly', 'Every week'), ('monthly', 'Every month'), ('yearly', 'Every year')], default='none', max_length=8, verbose_name='repeats')),
                ('repeat_until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('series', models.UUIDField(blank=True, editable=False, null=True, verbose_name='series')),
                ('repeat_from', models.DateField(blank=True, editable=False, null=True, verbose_name='repeats from')),
                ('scheduled_on', models.DateField(blank=True, editable=False, null=True, verbose_name='planned for')),
                ('form_key', models.UUIDField(blank=True, editable=False, null=True, verbose_name='form key')),
                ('activity', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='next_steps', to='activities.activity', verbose_name='came from')),
                ('assignee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to=settings.AUTH_USER_MODEL, verbose_name='who does it')),
                ('author', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='tasks', to='customers.contact', verbose_name='contact')),
                ('customer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='customers.customer', verbose_name='customer')),
                ('deal', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='tasks', to='deals.deal', verbose_name='deal')),
                ('done_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='done by')),
                ('obligation', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='tasks', to='deals.obligation', verbose_name='follows up')),
                ('origin', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.changeset', verbose_name='created by')),
            ],
            options={
                'verbose_name': 'task',
                'verbose_name_plural': 'tasks',
                'ordering': ('due_on', 'due_sort', 'pk'),
                'indexes': [models.Index(condition=models.Q(('deleted_at__isnull', True), ('done_at__isnull', True)), fields=['assignee', 'due_on', 'due_sort', 'id'], name='task_open_mine'), models.Index(condition=models.Q(('deleted_at__isnull', True), ('done_at__isnull', True)), fields=['due_on', 'due_sort', 'id'], name='task_open'), models.Index(condition=models.Q(('deleted_at__isnull', True), ('done_at__isnull', True)), fields=['customer', 'due_on', 'due_sort', 'id'], name='task_open_customer'), models.Index(condition=models.Q(('deal__isnull', False)), fields=['deal', 'due_on', 'due_sort', 'id'], name='task_by_deal'), models.Index(condition=models.Q(('deal__isnull', False)), fields=['deal', '-done_at', '-id'], name='task_done_deal'), models.Index(condition=models.Q(('deleted_at__isnull', True), ('done_at__isnull', False)), fields=['customer', '-done_at', '-id'], name='task_done_customer'), models.Index(condition=models.Q(('deleted_at__isnull', True), ('done_at__isnull', False)), fields=['assignee', '-done_at', '-id'], name='task_done_mine')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('deleted_at__isnull', True), ('done_at__isnull', True), ('obligation__isnull', False)), fields=('obligation',), name='task_of_obligation_once'), models.UniqueConstraint(condition=models.Q(('deleted_at__isnull', True), ('series__isnull', False)), fields=('series', 'scheduled_on'), name='task_occurrence_once'), models.UniqueConstraint(condition=models.Q(('deleted_at__isnull', True), ('form_key__isnull', False)), fields=('form_key',), name='task_form_once'), models.CheckConstraint(condition=models.Q(('repeat', 'none'), models.Q(('repeat_from__isnull', False), ('scheduled_on__isnull', False), ('series__isnull', False)), _connector='OR'), name='task_repeat_has_series'), models.CheckConstraint(condition=models.Q(('repeat_until__isnull', True), ('repeat_until__gte', models.F('repeat_from')), _connector='OR'), name='task_repeat_until', violation_error_message='The last day comes before the first.'), models.CheckConstraint(condition=models.Q(('done_at__isnull', False), ('done_by__isnull', True), _connector='OR'), name='task_done_by')],
            },
        ),
    ]
