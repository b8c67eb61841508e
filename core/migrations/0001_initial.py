import core.models.import_run
import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChangeSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('create', 'Created'), ('edit', 'Edited'), ('stage', 'Stage moved'), ('bulk', 'Bulk edit'), ('trash', 'Moved to trash'), ('restore', 'Restored'), ('merge', 'Merged'), ('import', 'Imported'), ('undo', 'Undone'), ('erase', 'Personal data erased'), ('demo', 'Sample data'), ('system', 'By the system')], max_length=10, verbose_name='kind')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('created_models', models.JSONField(default=list, editable=False, verbose_name='kinds of records made')),
                ('total', models.PositiveIntegerField(default=0, editable=False, verbose_name='rows')),
                ('undo_result', models.JSONField(blank=True, editable=False, null=True, verbose_name='result of the undo')),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('undo_of', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_by', to='core.changeset', verbose_name='undo of')),
            ],
            options={
                'verbose_name': 'change set',
                'verbose_name_plural': 'change sets',
                'ordering': ('-at', '-pk'),
                'indexes': [models.Index(fields=['-at', '-id'], name='changeset_at'), models.Index(fields=['actor', '-at'], name='changeset_actor_at')],
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(max_length=100, verbose_name='kind of record')),
                ('object_id', models.BigIntegerField(verbose_name='record number')),
                ('root_model', models.CharField(blank=True, max_length=100, verbose_name='kind of main record')),
                ('root_id', models.BigIntegerField(blank=True, null=True, verbose_name='number of the main record')),
                ('before', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='before')),
                ('after', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='after')),
                ('version', models.PositiveIntegerField(verbose_name='version')),
                ('change_set', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='core.changeset', verbose_name='change set')),
            ],
            options={
                'verbose_name': 'change',
                'verbose_name_plural': 'changes',
                'ordering': ('-pk',),
                'indexes': [models.Index(fields=['model', 'object_id', '-id'], name='change_object'), models.Index(condition=models.Q(('root_id__isnull', False)), fields=['root_model', 'root_id', '-id'], name='change_root')],
            },
        ),
        migrations.CreateModel(
            name='CustomField',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(max_length=100, verbose_name='record')),
                ('key', models.CharField(max_length=40, validators=[django.core.validators.RegexValidator('^[a-z][a-z0-9_]*\\Z', 'Start with a letter; use a–z, 0–9 and _ only.')], verbose_name='key')),
                ('label', models.CharField(max_length=80, verbose_name='label')),
                ('kind', models.CharField(choices=[('text', 'Text'), ('number', 'Number'), ('money', 'Money'), ('date', 'Date'), ('choice', 'Choice'), ('multi', 'Several choices'), ('boolean', 'Yes or no'), ('link', 'Link'), ('person', 'Person')], max_length=10, verbose_name='kind')),
                ('choices', models.JSONField(blank=True, default=list, verbose_name='choices')),
                ('help_text', models.CharField(blank=True, max_length=200, verbose_name='help')),
                ('required', models.BooleanField(default=False, verbose_name='required')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('archived', models.BooleanField(default=False, verbose_name='archived')),
            ],
            options={
                'verbose_name': 'custom field',
                'verbose_name_plural': 'custom fields',
                'ordering': ('model', 'position', 'pk'),
                'constraints': [models.UniqueConstraint(fields=('model', 'key'), name='customfield_key_once', violation_error_message='There is already a field with this key.')],
            },
        ),
        migrations.CreateModel(
            name='ExportLog',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('page', models.CharField(max_length=60, verbose_name='list')),
                ('kind', models.CharField(max_length=4, verbose_name='format')),
                ('query', models.CharField(blank=True, max_length=2000, verbose_name='filters')),
                ('every_field', models.BooleanField(default=False, verbose_name='all fields')),
                ('rows', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='rows')),
                ('file', models.CharField(blank=True, editable=False, max_length=100, verbose_name='file')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='to be fetched until')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='exports', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'export',
                'verbose_name_plural': 'exports',
                'ordering': ('-at', '-pk'),
                'indexes': [models.Index(fields=['user', '-at'], name='exportlog_user')],
            },
        ),
        migrations.CreateModel(
            name='ImportMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('target', models.CharField(max_length=60, verbose_name='what')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('mapping', models.JSONField(default=dict, verbose_name='mapping')),
                ('headers', models.JSONField(default=list, verbose_name='headers')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
            ],
            options={
                'verbose_name': 'saved mapping',
                'verbose_name_plural': 'saved mappings',
                'ordering': ('target', 'name', 'pk'),
                'constraints': [models.UniqueConstraint(fields=('target', 'name'), name='importmapping_name_once')],
            },
        ),
        migrations.CreateModel(
            name='ImportRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('target', models.CharField(max_length=60, verbose_name='what')),
                ('filename', models.CharField(max_length=200, verbose_name='file name')),
                ('token', models.CharField(editable=False, max_length=32, unique=True)),
                ('file', models.FileField(upload_to=core.models.import_run.import_path, verbose_name='file')),
                ('size', models.PositiveBigIntegerField(default=0, verbose_name='size')),
                ('state', models.CharField(choices=[('uploaded', 'Uploaded'), ('mapped', 'Mapped'), ('checking', 'Trial run'), ('checked', 'Ready to import'), ('running', 'Importing'), ('done', 'Imported'), ('failed', 'Failed'), ('undoing', 'Being undone'), ('undone', 'Undone'), ('cancelled', 'Stopped')], default='uploaded', max_length=10, verbose_name='state')),
                ('reading', models.JSONField(default=dict, verbose_name='how the file is read')),
                ('mapping', models.JSONField(default=dict, verbose_name='mapping')),
                ('counts', models.JSONField(default=dict, verbose_name='counts')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created')),
                ('change_set', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='import_run', to='core.changeset', verbose_name='change set')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imports', to=settings.AUTH_USER_MODEL, verbose_name='started by')),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
                'ordering': ('-created_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveBigIntegerField(verbose_name='row')),
                ('outcome', models.CharField(max_length=12, verbose_name='outcome')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('cells', models.JSONField(default=list, verbose_name='cells')),
                ('trial', models.BooleanField(default=False, verbose_name='trial run')),
                ('match', models.JSONField(blank=True, null=True, verbose_name='record found')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='core.importrun', verbose_name='import')),
            ],
            options={
                'verbose_name': 'import row',
                'verbose_name_plural': 'import rows',
                'ordering': ('run', 'number'),
                'indexes': [models.Index(fields=['run', 'trial', 'number'], name='importrow_run')],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=60, verbose_name='kind')),
                ('arguments', models.JSONField(default=dict, verbose_name='arguments')),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], db_index=True, default='queued', max_length=10, verbose_name='state')),
                ('cursor', models.JSONField(blank=True, editable=False, null=True, verbose_name='reached')),
                ('done', models.PositiveBigIntegerField(default=0, verbose_name='done')),
                ('total', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='total')),
                ('message', models.CharField(blank=True, max_length=300, verbose_name='message')),
                ('result', models.JSONField(blank=True, null=True, verbose_name='result')),
                ('error', models.TextField(blank=True, verbose_name='error')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('cancel_requested', models.BooleanField(default=False, verbose_name='cancel requested')),
                ('key', models.CharField(blank=True, max_length=120, verbose_name='key')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='handed to a worker')),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='started')),
                ('heartbeat_at', models.DateTimeField(blank=True, null=True, verbose_name='last sign of life')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                ('requested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='jobs', to=settings.AUTH_USER_MODEL, verbose_name='requested by')),
            ],
            options={
                'verbose_name': 'job',
                'verbose_name_plural': 'jobs',
                'ordering': ('-pk',),
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['queued', 'running']), models.Q(('key', ''), _negated=True)), fields=('key',), name='job_one_open_per_key', violation_error_message='This work is already under way.')],
            },
        ),
        migrations.AddField(
            model_name='importrun',
            name='job',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='core.job', verbose_name='job'),
        ),
        migrations.CreateModel(
            name='RecentRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(max_length=100, verbose_name='kind of record')),
                ('object_id', models.BigIntegerField(verbose_name='record number')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='opened')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recent_records', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'recently opened record',
                'verbose_name_plural': 'recently opened records',
                'ordering': ('-at', '-pk'),
                'indexes': [models.Index(fields=['user', '-at'], name='recentrecord_user')],
                'constraints': [models.UniqueConstraint(fields=('user', 'model', 'object_id'), name='recentrecord_once')],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page', models.CharField(max_length=60, verbose_name='page')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('query', models.CharField(blank=True, max_length=4000, verbose_name='query')),
                ('shared', models.BooleanField(default=False, verbose_name='shared with everyone')),
                ('is_default', models.BooleanField(default=False, verbose_name='open first')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
            ],
            options={
                'verbose_name': 'saved view',
                'verbose_name_plural': 'saved views',
                'ordering': ('name', 'pk'),
                'indexes': [models.Index(fields=['page', 'shared'], name='savedview_page')],
                'constraints': [models.UniqueConstraint(fields=('page', 'owner', 'name'), name='savedview_name_once', violation_error_message='You already have a view with this name.'), models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('page', 'owner'), name='savedview_one_default')],
            },
        ),
        migrations.CreateModel(
            name='SharedLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(max_length=20, verbose_name='shows')),
                ('object_id', models.BigIntegerField(verbose_name='record number')),
                ('nonce', models.CharField(editable=False, max_length=32, verbose_name='nonce')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='made')),
                ('expires_at', models.DateTimeField(verbose_name='ends')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked')),
                ('first_opened_at', models.DateTimeField(blank=True, null=True, verbose_name='first opened')),
                ('last_opened_at', models.DateTimeField(blank=True, null=True, verbose_name='last opened')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
            ],
            options={
                'verbose_name': 'shared link',
                'verbose_name_plural': 'shared links',
                'ordering': ('-created_at', '-pk'),
                'indexes': [models.Index(fields=['purpose', 'object_id', '-created_at', '-id'], name='sharedlink_object')],
            },
        ),
    ]
