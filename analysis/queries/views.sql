-- The tables of a run as views over its part files. Say which run first:
--	SET VARIABLE run = 'RUN';
-- Every column is text in the files; what is a number, a time, a claim or a list of
-- numbers becomes one. A column that a later version adds comes through as text.
-- Written by `make docs`.

CREATE OR REPLACE MACRO part_files(name) AS
	getvariable('run') || '/' || name || '/*.csv.gz';
CREATE OR REPLACE MACRO percent(part, whole) AS
	CASE WHEN whole > 0 THEN round(100.0 * part / whole, 2) END;

CREATE OR REPLACE VIEW domains AS
SELECT * REPLACE (
	source_id::BIGINT AS source_id,
	rank::BIGINT AS rank,
	parent_ds = '1' AS parent_ds,
	parent_ds_algorithms::BIGINT[] AS parent_ds_algorithms,
	mx_wildcard = '1' AS mx_wildcard,
	mx_count::BIGINT AS mx_count,
	mx_truncated = '1' AS mx_truncated,
	ttl_s::BIGINT AS ttl_s,
	lookup_ms::BIGINT AS lookup_ms,
	attempts::BIGINT AS attempts,
	measured_at::TIMESTAMP AS measured_at)
FROM read_csv(part_files('domains'), header = true, all_varchar = true,
	delim = ',', quote = '"', escape = '"');

CREATE OR REPLACE VIEW mx AS
SELECT * REPLACE (
	preference::BIGINT AS preference,
	tier::BIGINT AS tier)
FROM read_csv(part_files('mx'), header = true, all_varchar = true,
	delim = ',', quote = '"', escape = '"');

CREATE OR REPLACE VIEW hosts AS
SELECT * REPLACE (
	address_count::BIGINT AS address_count,
	addresses_truncated = '1' AS addresses_truncated,
	tlsa_wildcard = '1' AS tlsa_wildcard,
	tlsa_count::BIGINT AS tlsa_count,
	tlsa_usable_count::BIGINT AS tlsa_usable_count,
	tlsa_ttl_s::BIGINT AS tlsa_ttl_s,
	rollover_ready = '1' AS rollover_ready,
	attempts::BIGINT AS attempts,
	measured_at::TIMESTAMP AS measured_at)
FROM read_csv(part_files('hosts'), header = true, all_varchar = true,
	delim = ',', quote = '"', escape = '"');

CREATE OR REPLACE VIEW addresses AS
SELECT * REPLACE (
	family::BIGINT AS family)
FROM read_csv(part_files('addresses'), header = true, all_varchar = true,
	delim = ',', quote = '"', escape = '"');

CREATE OR REPLACE VIEW tlsa AS
SELECT * REPLACE (
	asking::BIGINT AS asking,
	position::BIGINT AS position,
	usage::BIGINT AS usage,
	selector::BIGINT AS selector,
	matching_type::BIGINT AS matching_type,
	usable = '1' AS usable)
FROM read_csv(part_files('tlsa'), header = true, all_varchar = true,
	delim = ',', quote = '"', escape = '"');

CREATE OR REPLACE VIEW probes AS
SELECT * REPLACE (
	port::BIGINT AS port,
	attempt::BIGINT AS attempt,
	greeting_code::BIGINT AS greeting_code,
	ehlo_code::BIGINT AS ehlo_code,
	starttls_code::BIGINT AS starttls_code,
	ocsp_stapled = '1' AS ocsp_stapled,
	chain_trusted = '1' AS chain_trusted,
	in_dates = '1' AS in_dates,
	connect_ms::BIGINT AS connect_ms,
	tls_ms::BIGINT AS tls_ms,
	total_ms::BIGINT AS total_ms,
	received_bytes::BIGINT AS received_bytes,
	measured_at::TIMESTAMP AS measured_at)
FROM read_csv(part_files('probes'), header = true, all_varchar = true,
	delim = ',', quote = '"', escape = '"');

CREATE OR REPLACE VIEW host_results AS
SELECT * REPLACE (
	attempt::BIGINT AS attempt,
	name_match = '1' AS name_match,
	tlsa_asked_at::TIMESTAMP AS tlsa_asked_at,
	asking::BIGINT AS asking,
	dane_depth::BIGINT AS dane_depth,
	dane_matching_positions::BIGINT[] AS dane_matching_positions,
	confirmed = '1' AS confirmed,
	measured_at::TIMESTAMP AS measured_at)
FROM read_csv(part_files('host_results'), header = true, all_varchar = true,
	delim = ',', quote = '"', escape = '"');

CREATE OR REPLACE VIEW chains AS
SELECT * REPLACE (
	position::BIGINT AS position)
FROM read_csv(part_files('chains'), header = true, all_varchar = true,
	delim = ',', quote = '"', escape = '"');

CREATE OR REPLACE VIEW certificates AS
SELECT * REPLACE (
	not_before::TIMESTAMP AS not_before,
	not_after::TIMESTAMP AS not_after,
	key_bits::BIGINT AS key_bits,
	is_ca = '1' AS is_ca,
	self_signed = '1' AS self_signed,
	weak_key = '1' AS weak_key,
	weak_signature = '1' AS weak_signature)
FROM read_csv(part_files('certificates'), header = true, all_varchar = true,
	delim = ',', quote = '"', escape = '"');

CREATE OR REPLACE VIEW policies AS
SELECT * REPLACE (
	mta_sts_max_age_s::BIGINT AS mta_sts_max_age_s,
	mta_sts_http_code::BIGINT AS mta_sts_http_code,
	fetched_at::TIMESTAMP AS fetched_at)
FROM read_csv(part_files('policies'), header = true, all_varchar = true,
	delim = ',', quote = '"', escape = '"');

CREATE OR REPLACE VIEW outcomes AS
SELECT * REPLACE (
	dane_domain = '1' AS dane_domain,
	dane_domain_all = '1' AS dane_domain_all)
FROM read_csv(part_files('outcomes'), header = true, all_varchar = true,
	delim = ',', quote = '"', escape = '"');

CREATE OR REPLACE VIEW rejects AS
SELECT * REPLACE (
	source_id::BIGINT AS source_id,
	line::BIGINT AS line)
FROM read_csv(part_files('rejects'), header = true, all_varchar = true,
	delim = ',', quote = '"', escape = '"');
