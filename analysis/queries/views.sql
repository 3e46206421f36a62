-- The tables of a run as views over its part files. Say which run first:
--	SET VARIABLE run = 'RUN';
-- Every column is text in the files; what is a number, a time or a claim becomes one.
-- A column that a later version adds comes through as text.

CREATE OR REPLACE MACRO part_files(name) AS
	getvariable('run') || '/' || name || '/*.csv.gz';
CREATE OR REPLACE MACRO percent(part, whole) AS
	CASE WHEN whole > 0 THEN round(100.0 * part / whole, 2) END;

CREATE OR REPLACE VIEW domains AS
SELECT * REPLACE (rank::BIGINT AS rank, parent_ds = '1' AS parent_ds,
	mx_count::INT AS mx_count, mx_truncated = '1' AS mx_truncated,
	ttl_s::BIGINT AS ttl_s, lookup_ms::BIGINT AS lookup_ms,
	attempts::INT AS attempts, measured_at::TIMESTAMP AS measured_at)
FROM read_csv(part_files('domains'), header = true, all_varchar = true,
	delim = ',', quote = '"', escape = '"');

CREATE OR REPLACE VIEW mx AS
SELECT * REPLACE (preference::INT AS preference, tier::INT AS tier)
FROM read_csv(part_files('mx'), header = true, all_varchar = true,
	delim = ',', quote = '"', escape = '"');

CREATE OR REPLACE VIEW hosts AS
SELECT * REPLACE (address_count::INT AS address_count,
	tlsa_count::INT AS tlsa_count,
	tlsa_usable_count::INT AS tlsa_usable_count,
	tlsa_ttl_s::BIGINT AS tlsa_ttl_s,
	rollover_ready = '1' AS rollover_ready,
	attempts::INT AS attempts, measured_at::TIMESTAMP AS measured_at)
FROM read_csv(part_files('hosts'), header = true, all_varchar = true,
	delim = ',', quote = '"', escape = '"');

CREATE OR REPLACE VIEW addresses AS
SELECT * REPLACE (family::INT AS family)
FROM read_csv(part_files('addresses'), header = true, all_varchar = true,
	delim = ',', quote = '"', escape = '"');

CREATE OR REPLACE VIEW tlsa AS
SELECT * REPLACE (asking::INT AS asking, position::INT AS position,
	usage::INT AS usage, selector::INT AS selector,
	matching_type::INT AS matching_type, usable = '1' AS usable)
FROM read_csv(part_files('tlsa'), header = true, all_varchar = true,
	delim = ',', quote = '"', escape = '"');

CREATE OR REPLACE VIEW probes AS
SELECT * REPLACE (attempt::INT AS attempt,
	chain_trusted = '1' AS chain_trusted, in_dates = '1' AS in_dates,
	ocsp_stapled = '1' AS ocsp_stapled, connect_ms::BIGINT AS connect_ms,
	tls_ms::BIGINT AS tls_ms, total_ms::BIGINT AS total_ms,
	measured_at::TIMESTAMP AS measured_at)
FROM read_csv(part_files('probes'), header = true, all_varchar = true,
	delim = ',', quote = '"', escape = '"');

CREATE OR REPLACE VIEW host_results AS
SELECT * REPLACE (attempt::INT AS attempt, name_match = '1' AS name_match,
	asking::INT AS asking, confirmed = '1' AS confirmed,
	measured_at::TIMESTAMP AS measured_at)
FROM read_csv(part_files('host_results'), header = true, all_varchar = true,
	delim = ',', quote = '"', escape = '"');

CREATE OR REPLACE VIEW chains AS
SELECT * REPLACE (position::INT AS position)
FROM read_csv(part_files('chains'), header = true, all_varchar = true,
	delim = ',', quote = '"', escape = '"');

CREATE OR REPLACE VIEW certificates AS
SELECT * REPLACE (not_before::TIMESTAMP AS not_before,
	not_after::TIMESTAMP AS not_after, key_bits::INT AS key_bits,
	is_ca = '1' AS is_ca, self_signed = '1' AS self_signed,
	weak_key = '1' AS weak_key, weak_signature = '1' AS weak_signature)
FROM read_csv(part_files('certificates'), header = true, all_varchar = true,
	delim = ',', quote = '"', escape = '"');

CREATE OR REPLACE VIEW outcomes AS
SELECT * REPLACE (dane_domain = '1' AS dane_domain,
	dane_domain_all = '1' AS dane_domain_all)
FROM read_csv(part_files('outcomes'), header = true, all_varchar = true,
	delim = ',', quote = '"', escape = '"');

-- A run without MTA-STS has no parts of policies.
CREATE OR REPLACE VIEW policies AS
SELECT * REPLACE (mta_sts_max_age_s::HUGEINT AS mta_sts_max_age_s)
FROM read_csv(part_files('policies'), header = true, all_varchar = true,
	delim = ',', quote = '"', escape = '"');

CREATE OR REPLACE VIEW rejects AS
SELECT * REPLACE (line::BIGINT AS line)
FROM read_csv(part_files('rejects'), header = true, all_varchar = true,
	delim = ',', quote = '"', escape = '"');
