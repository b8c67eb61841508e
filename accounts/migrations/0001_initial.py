import accounts.zones
import core.money
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='name')),
                ('base_currency', models.CharField(default='EUR', max_length=3, validators=[core.money.validate_currency], verbose_name='base currency')),
                ('time_zone', models.CharField(default='UTC', max_length=60, validators=[accounts.zones.validate_zone], verbose_name='time zone')),
                ('language', models.CharField(choices=[('en', 'English'), ('zh-hans', 'Simplified Chinese')], default='en', max_length=10, verbose_name='language')),
                ('country', models.CharField(blank=True, help_text='For telephone numbers without +.', max_length=2, verbose_name='country')),
                ('fiscal_year_start', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)], verbose_name='fiscal year starts in month')),
                ('vocabulary', models.CharField(choices=[('customer', 'Customers'), ('patient', 'Patients'), ('student', 'Students')], default='customer', max_length=10, verbose_name='we call them')),
                ('retention_months', models.PositiveSmallIntegerField(blank=True, help_text='After this time without contact, records are proposed for erasure.', null=True, verbose_name='keep personal data for (months)')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed at')),
            ],
            options={
                'verbose_name': 'organisation',
                'verbose_name_plural': 'organisation',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='organisation_one_row'), models.CheckConstraint(condition=models.Q(('fiscal_year_start__range', (1, 12))), name='organisation_fiscal_month')],
            },
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True, verbose_name='name')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='accounts.team', verbose_name='part of')),
            ],
            options={
                'verbose_name': 'team',
                'verbose_name_plural': 'teams',
                'ordering': ('name', 'pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(('parent__isnull', True), models.Q(('parent', models.F('id')), _negated=True), _connector='OR'), name='team_not_its_own_parent', violation_error_message='A team cannot be part of itself.')],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('role', models.CharField(choices=[('sales', 'Sales'), ('manager', 'Manager'), ('analyst', 'Analyst (read-only)'), ('administrator', 'Administrator')], default='sales', max_length=20, verbose_name='role')),
                ('language', models.CharField(blank=True, choices=[('en', 'English'), ('zh-hans', 'Simplified Chinese')], max_length=10, verbose_name='language')),
                ('time_zone', models.CharField(blank=True, max_length=60, validators=[accounts.zones.validate_zone], verbose_name='time zone')),
                ('theme', models.CharField(choices=[('system', 'As the device'), ('light', 'Light'), ('dark', 'Dark')], default='system', max_length=10, verbose_name='theme')),
                ('density', models.CharField(choices=[('comfortable', 'Comfortable'), ('compact', 'Compact')], default='comfortable', max_length=12, verbose_name='density')),
                ('is_active', models.BooleanField(default=True, verbose_name='may sign in')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='joined')),
                ('invited_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='invited')),
                ('digest_on', models.DateField(blank=True, editable=False, null=True, verbose_name='last daily e-mail')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='members', to='accounts.team', verbose_name='team')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'ordering': ('name', 'pk'),
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='user_email_once', violation_error_message='Somebody already signs in with this e-mail address.')],
            },
        ),
        migrations.CreateModel(
            name='VisibilityRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('sales', 'Sales'), ('manager', 'Manager'), ('analyst', 'Analyst (read-only)'), ('administrator', 'Administrator')], max_length=20, verbose_name='role')),
                ('kind', models.CharField(choices=[('customer', 'Customers'), ('contact', 'Contacts'), ('deal', 'Deals, quotes and contracts'), ('order', 'Orders'), ('activity', 'Activities and tasks')], max_length=20, verbose_name='records')),
                ('view', models.CharField(choices=[('none', 'None'), ('own', 'Own'), ('team', 'Team'), ('all', 'All')], max_length=5, verbose_name='sees')),
                ('edit', models.CharField(choices=[('none', 'None'), ('own', 'Own'), ('team', 'Team'), ('all', 'All')], max_length=5, verbose_name='edits')),
            ],
            options={
                'verbose_name': 'visibility rule',
                'verbose_name_plural': 'visibility rules',
                'ordering': ('role', 'kind'),
                'constraints': [models.UniqueConstraint(fields=('role', 'kind'), name='visibility_rule_once'), models.CheckConstraint(condition=models.Q(models.Q(('role', 'administrator'), _negated=True), models.Q(('edit', 'all'), ('view', 'all')), _connector='OR'), name='visibility_administrator_sees_all', violation_error_message='Administrators always see and edit everything.'), models.CheckConstraint(condition=models.Q(models.Q(('role', 'analyst'), _negated=True), ('edit', 'none'), _connector='OR'), name='visibility_analyst_reads', violation_error_message='Analysts only read.')],
            },
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('act', models.CharField(choices=[('signed_in', 'Signed in'), ('sign_in_failed', 'Sign-in failed'), ('signed_out_everywhere', 'Signed out everywhere'), ('session_ended', 'Session ended'), ('password', 'Password changed'), ('two_step_on', 'Second step added'), ('two_step_off', 'Second step removed'), ('invited', 'Invited'), ('joined', 'Invitation accepted'), ('person', 'Person changed'), ('deactivated', 'Deactivated'), ('reactivated', 'Reactivated'), ('handed_over', 'Records handed over'), ('team', 'Team changed'), ('visibility', 'Visibility changed'), ('organisation', 'Organisation settings changed')], max_length=24, verbose_name='act')),
                ('ip', models.GenericIPAddressField(blank=True, null=True, verbose_name='address')),
                ('details', models.JSONField(default=dict, verbose_name='details')),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('subject', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='audit_entries', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'security event',
                'verbose_name_plural': 'security events',
                'ordering': ('-at', '-pk'),
                'indexes': [models.Index(fields=['-at', '-id'], name='audit_at'), models.Index(fields=['subject', '-at'], name='audit_subject')],
            },
        ),
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('assigned', 'A record was given to me'), ('task_due', 'A task of mine is due'), ('cadence', 'A customer of mine is due for contact'), ('quote', 'A customer answered a quote, or one is about to end'), ('contract', 'A contract of mine can be given notice or is about to end'), ('target', 'A period with targets is over'), ('mention', 'Somebody mentioned me'), ('job_done', 'Work I started in the background has ended'), ('retention', 'Records are proposed for erasure (administrators)'), ('system', 'Something is wrong with the system')], max_length=20, verbose_name='kind')),
                ('text', models.CharField(max_length=200, verbose_name='text')),
                ('params', models.JSONField(default=dict, verbose_name='values in the text')),
                ('url', models.CharField(blank=True, max_length=300, verbose_name='link')),
                ('in_app', models.BooleanField(default=True, verbose_name='under the bell')),
                ('dedupe', models.CharField(blank=True, max_length=120, verbose_name='key')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='read at')),
                ('mailed_at', models.DateTimeField(blank=True, null=True, verbose_name='mailed at')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'notification',
                'verbose_name_plural': 'notifications',
                'ordering': ('-created_at', '-pk'),
                'indexes': [models.Index(fields=['user', '-created_at', '-id'], name='notification_user'), models.Index(condition=models.Q(('read_at', None)), fields=['user'], name='notification_unread')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('dedupe', ''), _negated=True), fields=('user', 'dedupe'), name='notification_once')],
            },
        ),
        migrations.CreateModel(
            name='NotificationPreference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('assigned', 'A record was given to me'), ('task_due', 'A task of mine is due'), ('cadence', 'A customer of mine is due for contact'), ('quote', 'A customer answered a quote, or one is about to end'), ('contract', 'A contract of mine can be given notice or is about to end'), ('target', 'A period with targets is over'), ('mention', 'Somebody mentioned me'), ('job_done', 'Work I started in the background has ended'), ('retention', 'Records are proposed for erasure (administrators)'), ('system', 'Something is wrong with the system')], max_length=20, verbose_name='kind')),
                ('in_app', models.BooleanField(default=True, verbose_name='under the bell')),
                ('digest', models.BooleanField(default=True, verbose_name='in the daily e-mail')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notification_preferences', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'notification preference',
                'verbose_name_plural': 'notification preferences',
                'ordering': ('user', 'kind'),
                'constraints': [models.UniqueConstraint(fields=('user', 'kind'), name='notification_preference_once')],
            },
        ),
    ]
