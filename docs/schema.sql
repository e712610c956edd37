-- Made from the code by `make docs`.

CREATE TABLE activity (
    activity_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    word TEXT NOT NULL,
    subject_id INTEGER,
    at INTEGER NOT NULL,
    local_on TEXT NOT NULL,
    week_on TEXT NOT NULL,
    visibility TEXT DEFAULT 'me' NOT NULL,
    CONSTRAINT pk_activity PRIMARY KEY (activity_id),
    CONSTRAINT ck_activity_visibility_word CHECK (visibility IN ('me', 'mentor', 'cohort')),
    CONSTRAINT fk_activity_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE,
    CONSTRAINT fk_activity_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_activity_cohort_id_word_week_on ON activity (cohort_id, word, week_on);

CREATE INDEX ix_activity_member_id_word_at ON activity (member_id, word, at);

CREATE TABLE audit (
    audit_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    user_id INTEGER,
    action TEXT NOT NULL,
    detail TEXT DEFAULT '' NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT pk_audit PRIMARY KEY (audit_id),
    CONSTRAINT fk_audit_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_audit_cohort_id_at ON audit (cohort_id, at);

CREATE TABLE blockage (
    cohort_id INTEGER NOT NULL,
    order_key TEXT NOT NULL,
    probe_at INTEGER NOT NULL,
    CONSTRAINT pk_blockage PRIMARY KEY (cohort_id, order_key),
    CONSTRAINT fk_blockage_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE checkin (
    checkin_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    period TEXT NOT NULL,
    progress TEXT NOT NULL,
    win TEXT NOT NULL,
    blocker TEXT NOT NULL,
    focus TEXT NOT NULL,
    confidence INTEGER,
    late INTEGER DEFAULT '0' NOT NULL,
    source TEXT NOT NULL,
    visibility TEXT DEFAULT 'me' NOT NULL,
    answered_at INTEGER NOT NULL,
    edited_at INTEGER,
    CONSTRAINT pk_checkin PRIMARY KEY (checkin_id),
    CONSTRAINT uq_checkin_member_id_period UNIQUE (member_id, period),
    CONSTRAINT ck_checkin_source_word CHECK (source IN ('form', 'short', 'message')),
    CONSTRAINT ck_checkin_visibility_word CHECK (visibility IN ('me', 'mentor', 'cohort')),
    CONSTRAINT fk_checkin_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE checkin_blocker (
    blocker_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    checkin_id INTEGER NOT NULL,
    text TEXT NOT NULL,
    anonymous INTEGER NOT NULL,
    raised_at INTEGER NOT NULL,
    CONSTRAINT pk_checkin_blocker PRIMARY KEY (blocker_id),
    CONSTRAINT uq_checkin_blocker_checkin_id UNIQUE (checkin_id),
    CONSTRAINT fk_checkin_blocker_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE,
    CONSTRAINT fk_checkin_blocker_checkin_id FOREIGN KEY(checkin_id) REFERENCES checkin (checkin_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_checkin_blocker_member_id ON checkin_blocker (member_id);

CREATE TABLE checkin_help (
    help_id INTEGER NOT NULL,
    blocker_id INTEGER NOT NULL,
    user_id INTEGER,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    at INTEGER NOT NULL,
    read_at INTEGER,
    CONSTRAINT pk_checkin_help PRIMARY KEY (help_id),
    CONSTRAINT fk_checkin_help_blocker_id FOREIGN KEY(blocker_id) REFERENCES checkin_blocker (blocker_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_checkin_help_blocker_id ON checkin_help (blocker_id);

CREATE INDEX ix_checkin_help_user_id ON checkin_help (user_id);

CREATE TABLE checkin_round (
    round_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    schedule_id INTEGER NOT NULL,
    period TEXT NOT NULL,
    mentioned INTEGER DEFAULT '0' NOT NULL,
    opened_at INTEGER NOT NULL,
    CONSTRAINT pk_checkin_round PRIMARY KEY (round_id),
    CONSTRAINT uq_checkin_round_schedule_id_period UNIQUE (schedule_id, period),
    CONSTRAINT fk_checkin_round_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE,
    CONSTRAINT fk_checkin_round_schedule_id FOREIGN KEY(schedule_id) REFERENCES schedule (schedule_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_checkin_round_cohort_id_period ON checkin_round (cohort_id, period);

CREATE TABLE cohort (
    cohort_id INTEGER NOT NULL,
    guild_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    zone TEXT DEFAULT 'UTC' NOT NULL,
    first_day TEXT,
    last_day TEXT,
    announcements_id INTEGER,
    checkins_id INTEGER,
    introductions_id INTEGER,
    opportunities_id INTEGER,
    mentors_id INTEGER,
    staff_id INTEGER,
    moderator_role_id INTEGER,
    mentor_role_id INTEGER,
    intern_role_id INTEGER,
    contacts TEXT DEFAULT '[]' NOT NULL,
    state TEXT DEFAULT 'draft' NOT NULL,
    blocked_reason TEXT,
    wizard_step TEXT,
    open_hours INTEGER DEFAULT '72' NOT NULL,
    created_at INTEGER NOT NULL,
    CONSTRAINT pk_cohort PRIMARY KEY (cohort_id),
    CONSTRAINT uq_cohort_guild_id_name UNIQUE (guild_id, name),
    CONSTRAINT ck_cohort_state_word CHECK (state IN ('draft', 'live', 'paused', 'blocked', 'closed'))
)
 STRICT;

CREATE TABLE cohort_change (
    change_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    "values" TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    CONSTRAINT pk_cohort_change PRIMARY KEY (change_id),
    CONSTRAINT fk_cohort_change_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_cohort_change_cohort_id_kind ON cohort_change (cohort_id, kind);

CREATE INDEX ix_cohort_change_made_at ON cohort_change (made_at);

CREATE TABLE cohort_invite (
    invite_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    dedupe TEXT NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT pk_cohort_invite PRIMARY KEY (invite_id),
    CONSTRAINT fk_cohort_invite_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_cohort_invite_cohort_id ON cohort_invite (cohort_id);

CREATE TABLE cohort_skip (
    cohort_id INTEGER NOT NULL,
    "on" TEXT NOT NULL,
    CONSTRAINT pk_cohort_skip PRIMARY KEY (cohort_id, "on"),
    CONSTRAINT fk_cohort_skip_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE contact_stop (
    stop_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    other_id INTEGER,
    other_mark TEXT NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT pk_contact_stop PRIMARY KEY (stop_id),
    CONSTRAINT uq_contact_stop_user_id_other_mark UNIQUE (user_id, other_mark)
)
 STRICT;

CREATE INDEX ix_contact_stop_other_id ON contact_stop (other_id);

CREATE INDEX ix_contact_stop_other_mark ON contact_stop (other_mark);

CREATE TABLE draft (
    draft_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    form TEXT NOT NULL,
    subject TEXT NOT NULL,
    title TEXT NOT NULL,
    answers TEXT NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT pk_draft PRIMARY KEY (draft_id)
)
 STRICT;

CREATE INDEX ix_draft_at ON draft (at);

CREATE INDEX ix_draft_user_id ON draft (user_id);

CREATE TABLE enrolment (
    member_id INTEGER NOT NULL,
    tap TEXT NOT NULL,
    begun_at INTEGER NOT NULL,
    CONSTRAINT pk_enrolment PRIMARY KEY (member_id),
    CONSTRAINT ck_enrolment_tap_word CHECK (tap IN ('zone', 'reach', 'dates')),
    CONSTRAINT fk_enrolment_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_enrolment_begun_at ON enrolment (begun_at);

CREATE TABLE goal (
    goal_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    what TEXT NOT NULL,
    measure TEXT NOT NULL,
    first_step TEXT NOT NULL,
    target_on TEXT,
    area TEXT NOT NULL,
    visibility TEXT DEFAULT 'me' NOT NULL,
    state TEXT DEFAULT 'open' NOT NULL,
    lesson TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    ended_at INTEGER,
    CONSTRAINT pk_goal PRIMARY KEY (goal_id),
    CONSTRAINT ck_goal_area_word CHECK (area IN ('technical', 'business', 'connection', 'direction', 'studies', 'portfolio')),
    CONSTRAINT ck_goal_visibility_word CHECK (visibility IN ('me', 'mentor', 'cohort')),
    CONSTRAINT ck_goal_state_word CHECK (state IN ('open', 'done', 'dropped')),
    CONSTRAINT fk_goal_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_goal_member_id_state ON goal (member_id, state);

CREATE TABLE goal_note (
    note_id INTEGER NOT NULL,
    goal_id INTEGER NOT NULL,
    text TEXT NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT pk_goal_note PRIMARY KEY (note_id),
    CONSTRAINT fk_goal_note_goal_id FOREIGN KEY(goal_id) REFERENCES goal (goal_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_goal_note_goal_id_at ON goal_note (goal_id, at);

CREATE TABLE heartbeat (
    name TEXT NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT pk_heartbeat PRIMARY KEY (name)
)
 STRICT;

CREATE TABLE installation (
    installation_id INTEGER NOT NULL,
    instance TEXT NOT NULL,
    CONSTRAINT pk_installation PRIMARY KEY (installation_id)
)
 STRICT;

CREATE TABLE interaction_seen (
    interaction_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT pk_interaction_seen PRIMARY KEY (interaction_id)
)
 STRICT;

CREATE INDEX ix_interaction_seen_at ON interaction_seen (at);

CREATE TABLE letter (
    letter_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    dedupe TEXT NOT NULL,
    cohort_id INTEGER,
    member_id INTEGER,
    user_id INTEGER,
    action TEXT DEFAULT 'send' NOT NULL,
    place TEXT NOT NULL,
    place_id INTEGER NOT NULL,
    order_key TEXT NOT NULL,
    depends_on INTEGER,
    subject TEXT NOT NULL,
    payload TEXT,
    nonce TEXT NOT NULL,
    priority INTEGER DEFAULT '5' NOT NULL,
    any_hour INTEGER DEFAULT '0' NOT NULL,
    due_at INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    expires_at INTEGER,
    state TEXT DEFAULT 'pending' NOT NULL,
    owner TEXT,
    lease_until INTEGER,
    attempts INTEGER DEFAULT '0' NOT NULL,
    first_attempt_at INTEGER,
    ambiguous_at INTEGER,
    ended_at INTEGER,
    channel_id INTEGER,
    message_id INTEGER,
    last_status INTEGER,
    last_code INTEGER,
    last_error TEXT DEFAULT '' NOT NULL,
    created_at INTEGER NOT NULL,
    CONSTRAINT pk_letter PRIMARY KEY (letter_id),
    CONSTRAINT ck_letter_nonce_short CHECK (length(nonce) <= 25),
    CONSTRAINT ck_letter_action_word CHECK (action IN ('send', 'thread', 'edit')),
    CONSTRAINT ck_letter_place_word CHECK (place IN ('user', 'channel', 'thread')),
    CONSTRAINT ck_letter_state_word CHECK (state IN ('pending', 'sending', 'held', 'sent', 'dead', 'expired', 'cancelled')),
    CONSTRAINT uq_letter_dedupe UNIQUE (dedupe),
    CONSTRAINT fk_letter_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE,
    CONSTRAINT fk_letter_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE,
    CONSTRAINT fk_letter_user_id FOREIGN KEY(user_id) REFERENCES user (user_id) ON DELETE CASCADE,
    CONSTRAINT fk_letter_depends_on FOREIGN KEY(depends_on) REFERENCES letter (letter_id) ON DELETE SET NULL,
    CONSTRAINT uq_letter_nonce UNIQUE (nonce)
)
 STRICT;

CREATE INDEX ix_letter_cohort_id_state_ended_at ON letter (cohort_id, state, ended_at);

CREATE INDEX ix_letter_depends_on ON letter (depends_on);

CREATE INDEX ix_letter_member_id ON letter (member_id);

CREATE INDEX ix_letter_open_due_at ON letter (due_at) WHERE state IN ('pending', 'sending');

CREATE INDEX ix_letter_open_order_key ON letter (order_key, state, letter_id) WHERE state IN ('pending', 'sending');

CREATE INDEX ix_letter_state_created_at ON letter (state, created_at);

CREATE INDEX ix_letter_user_id ON letter (user_id);

CREATE TABLE member (
    member_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    state TEXT DEFAULT 'joining' NOT NULL,
    delivery TEXT DEFAULT 'card' NOT NULL,
    volume TEXT DEFAULT 'standard' NOT NULL,
    stage TEXT DEFAULT 'interning' NOT NULL,
    starts_on TEXT,
    ends_on TEXT,
    checkins INTEGER DEFAULT '1' NOT NULL,
    side_thread INTEGER DEFAULT '0' NOT NULL,
    side_thread_id INTEGER,
    paused_until TEXT,
    joined_at INTEGER,
    left_at INTEGER,
    CONSTRAINT pk_member PRIMARY KEY (member_id),
    CONSTRAINT uq_member_cohort_id_user_id UNIQUE (cohort_id, user_id),
    CONSTRAINT ck_member_state_word CHECK (state IN ('joining', 'joined', 'paused', 'left')),
    CONSTRAINT ck_member_delivery_word CHECK (delivery IN ('dm', 'thread', 'card')),
    CONSTRAINT ck_member_volume_word CHECK (volume IN ('light', 'standard', 'everything')),
    CONSTRAINT ck_member_stage_word CHECK (stage IN ('looking', 'starting', 'interning', 'finished')),
    CONSTRAINT fk_member_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE,
    CONSTRAINT fk_member_user_id FOREIGN KEY(user_id) REFERENCES user (user_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_member_cohort_id_state ON member (cohort_id, state);

CREATE INDEX ix_member_paused_until ON member (paused_until);

CREATE INDEX ix_member_user_id ON member (user_id);

CREATE TABLE member_pause (
    pause_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    from_on TEXT NOT NULL,
    to_on TEXT,
    CONSTRAINT pk_member_pause PRIMARY KEY (pause_id),
    CONSTRAINT fk_member_pause_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_member_pause_member_id ON member_pause (member_id);

CREATE TABLE occurrence (
    occurrence_id INTEGER NOT NULL,
    schedule_id INTEGER NOT NULL,
    zone TEXT NOT NULL,
    "on" TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    state TEXT DEFAULT 'planned' NOT NULL,
    why TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_occurrence PRIMARY KEY (occurrence_id),
    CONSTRAINT uq_occurrence_schedule_id_zone_on UNIQUE (schedule_id, zone, "on"),
    CONSTRAINT ck_occurrence_state_word CHECK (state IN ('planned', 'done', 'skipped')),
    CONSTRAINT fk_occurrence_schedule_id FOREIGN KEY(schedule_id) REFERENCES schedule (schedule_id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE ping (
    member_id INTEGER NOT NULL,
    letter_id INTEGER NOT NULL,
    local_on TEXT NOT NULL,
    week_on TEXT NOT NULL,
    CONSTRAINT pk_ping PRIMARY KEY (member_id, letter_id),
    CONSTRAINT fk_ping_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE,
    CONSTRAINT fk_ping_letter_id FOREIGN KEY(letter_id) REFERENCES letter (letter_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_ping_letter_id ON ping (letter_id);

CREATE INDEX ix_ping_member_id_week_on ON ping (member_id, week_on);

CREATE TABLE profile (
    member_id INTEGER NOT NULL,
    team TEXT NOT NULL,
    company TEXT NOT NULL,
    role TEXT NOT NULL,
    learning TEXT NOT NULL,
    interests TEXT NOT NULL,
    understand TEXT NOT NULL,
    links TEXT NOT NULL,
    hours TEXT NOT NULL,
    shown TEXT DEFAULT '[]' NOT NULL,
    askers TEXT DEFAULT 'cohort' NOT NULL,
    changed_at INTEGER,
    CONSTRAINT pk_profile PRIMARY KEY (member_id),
    CONSTRAINT ck_profile_askers_word CHECK (askers IN ('cohort', 'mentors', 'nobody')),
    CONSTRAINT fk_profile_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE recipient (
    schedule_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    period TEXT NOT NULL,
    occurrence_id INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    why TEXT DEFAULT '' NOT NULL,
    letter_id INTEGER,
    CONSTRAINT pk_recipient PRIMARY KEY (schedule_id, member_id, period),
    CONSTRAINT ck_recipient_outcome_word CHECK (outcome IN ('asked', 'card', 'paused', 'skipped', 'bundled', 'undelivered', 'left')),
    CONSTRAINT fk_recipient_schedule_id FOREIGN KEY(schedule_id) REFERENCES schedule (schedule_id) ON DELETE CASCADE,
    CONSTRAINT fk_recipient_member_id FOREIGN KEY(member_id) REFERENCES member (member_id) ON DELETE CASCADE,
    CONSTRAINT fk_recipient_occurrence_id FOREIGN KEY(occurrence_id) REFERENCES occurrence (occurrence_id) ON DELETE CASCADE,
    CONSTRAINT fk_recipient_letter_id FOREIGN KEY(letter_id) REFERENCES letter (letter_id) ON DELETE SET NULL
)
 STRICT;

CREATE INDEX ix_recipient_letter_id ON recipient (letter_id);

CREATE INDEX ix_recipient_member_id ON recipient (member_id);

CREATE INDEX ix_recipient_occurrence_id ON recipient (occurrence_id);

CREATE INDEX ix_recipient_schedule_id_period_outcome ON recipient (schedule_id, period, outcome);

CREATE TABLE report (
    report_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    other_id INTEGER,
    what TEXT NOT NULL,
    subject TEXT NOT NULL,
    readers TEXT NOT NULL,
    text TEXT NOT NULL,
    state TEXT DEFAULT 'begun' NOT NULL,
    at INTEGER NOT NULL,
    taken_by INTEGER,
    taken_at INTEGER,
    CONSTRAINT pk_report PRIMARY KEY (report_id),
    CONSTRAINT ck_report_what_word CHECK (what IN ('talk', 'content', 'stop')),
    CONSTRAINT ck_report_state_word CHECK (state IN ('begun', 'sent', 'taken', 'closed')),
    CONSTRAINT fk_report_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_report_cohort_id_state ON report (cohort_id, state);

CREATE INDEX ix_report_other_id ON report (other_id);

CREATE INDEX ix_report_state_at ON report (state, at);

CREATE INDEX ix_report_user_id ON report (user_id);

CREATE TABLE roster (
    cohort_id INTEGER NOT NULL,
    expected INTEGER NOT NULL,
    imported_at INTEGER NOT NULL,
    CONSTRAINT pk_roster PRIMARY KEY (cohort_id),
    CONSTRAINT fk_roster_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE roster_row (
    row_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    discord_id INTEGER,
    username TEXT,
    name TEXT NOT NULL,
    team TEXT NOT NULL,
    role TEXT NOT NULL,
    starts_on TEXT,
    ends_on TEXT,
    matched_at INTEGER,
    CONSTRAINT pk_roster_row PRIMARY KEY (row_id),
    CONSTRAINT uq_roster_row_cohort_id_discord_id UNIQUE (cohort_id, discord_id),
    CONSTRAINT uq_roster_row_cohort_id_username UNIQUE (cohort_id, username),
    CONSTRAINT fk_roster_row_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_roster_row_discord_id ON roster_row (discord_id);

CREATE INDEX ix_roster_row_matched_at ON roster_row (matched_at);

CREATE TABLE schedule (
    schedule_id INTEGER NOT NULL,
    cohort_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    rule TEXT NOT NULL,
    scope TEXT NOT NULL,
    enabled INTEGER DEFAULT '1' NOT NULL,
    grace_seconds INTEGER NOT NULL,
    since_at INTEGER NOT NULL,
    looked_at INTEGER,
    next_fire_at INTEGER,
    CONSTRAINT pk_schedule PRIMARY KEY (schedule_id),
    CONSTRAINT uq_schedule_cohort_id_kind UNIQUE (cohort_id, kind),
    CONSTRAINT ck_schedule_scope_word CHECK (scope IN ('cohort', 'member')),
    CONSTRAINT fk_schedule_cohort_id FOREIGN KEY(cohort_id) REFERENCES cohort (cohort_id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_schedule_enabled_next_fire_at ON schedule (next_fire_at) WHERE enabled = 1;

CREATE TABLE tally (
    name TEXT NOT NULL,
    "on" TEXT NOT NULL,
    number INTEGER NOT NULL,
    CONSTRAINT pk_tally PRIMARY KEY (name, "on")
)
 STRICT;

CREATE TABLE user (
    user_id INTEGER NOT NULL,
    zone TEXT NOT NULL,
    quiet_from TEXT DEFAULT '22:00' NOT NULL,
    quiet_to TEXT DEFAULT '08:00' NOT NULL,
    locale TEXT DEFAULT 'en-US' NOT NULL,
    dm_consent_at INTEGER,
    dm_channel_id INTEGER,
    inbox TEXT DEFAULT 'unknown' NOT NULL,
    created_at INTEGER NOT NULL,
    CONSTRAINT pk_user PRIMARY KEY (user_id),
    CONSTRAINT ck_user_inbox_word CHECK (inbox IN ('unknown', 'open', 'closed'))
)
 STRICT;
