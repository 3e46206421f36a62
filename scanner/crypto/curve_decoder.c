#include "scanner/crypto/curve_decoder.h"

#include <openssl/bio.h>
#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/core_object.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define FUNCTIONS_MAX	16
#define LENGTH_MAX	120

/* What comes before the coordinates in a SubjectPublicKeyInfo (RFC 5480 2,
 * SEC 1 2.3.3), and the whole length. */
static const uint8_t p256_prefix[] = {
	0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02,
	0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03,
	0x42, 0x00, 0x04,
};
static const uint8_t p384_prefix[] = {
	0x30, 0x76, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02,
	0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22, 0x03, 0x62, 0x00, 0x04,
};

static struct curve {
	char		*name;
	const uint8_t	*prefix;
	size_t		 prefix_length, length;
	void		*made;		/* a key without a point */
} curves[] = {
	{ "P-256", p256_prefix, sizeof p256_prefix, 91, NULL },
	{ "P-384", p384_prefix, sizeof p384_prefix, 120, NULL },
};

static OSSL_DISPATCH functions[FUNCTIONS_MAX + 1];
static void *of_provider;
static OSSL_FUNC_decoder_decode_fn *decode_usually;
static OSSL_FUNC_BIO_read_ex_fn *read_some;
static OSSL_FUNC_BIO_ctrl_fn *control;
static OSSL_FUNC_keymgmt_new_fn *key_new;
static OSSL_FUNC_keymgmt_import_fn *key_import;
static OSSL_FUNC_keymgmt_dup_fn *key_dup;
static OSSL_FUNC_keymgmt_set_params_fn *key_set;
static OSSL_FUNC_keymgmt_free_fn *key_free;

/* Keys ******************************************************************** */

static bool
make_curve(struct curve *curve)
{
	const OSSL_PARAM parameters[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
		    curve->name, 0),
		OSSL_PARAM_construct_end(),
	};

	if (curve->made == NULL)
		curve->made = key_new(of_provider);
	return curve->made != NULL && key_import(curve->made,
	    OSSL_KEYMGMT_SELECT_DOMAIN_PARAMETERS, parameters) == 1;
}

/* Returns NULL if the point is not on the curve. */
static void *
key_of(struct curve *curve, uint8_t *point, size_t length)
{
	const OSSL_PARAM parameters[] = {
		OSSL_PARAM_construct_octet_string(
		    OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, point, length),
		OSSL_PARAM_construct_end(),
	};
	void *key = key_dup(curve->made, OSSL_KEYMGMT_SELECT_ALL_PARAMETERS);

	if (key != NULL && key_set(key, parameters) == 1)
		return key;
	key_free(key);
	return NULL;
}

/* Returns NULL if this is not a key that is decoded here. */
static void *
decode_key(uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++) {
		struct curve *curve = &curves[i];

		if (length == curve->length && memcmp(bytes, curve->prefix,
		    curve->prefix_length) == 0)
			return key_of(curve, bytes + curve->prefix_length - 1,
			    length - curve->prefix_length + 1);
	}
	return NULL;
}

/* The decoder ************************************************************* */

/* Reads up to the end, or one byte more than any key has that is decoded
 * here. */
static size_t
read_all(OSSL_CORE_BIO *in, uint8_t bytes[LENGTH_MAX + 1])
{
	size_t length = 0, got;

	while (length <= LENGTH_MAX && read_some(in, bytes + length,
	    LENGTH_MAX + 1 - length, &got) == 1)
		length += got;
	return length;
}

/* Whoever takes the key sets `key` to NULL. */
static int
give(void *key, OSSL_CALLBACK *take, void *tag)
{
	int kind = OSSL_OBJECT_PKEY, taken;
	const OSSL_PARAM object[] = {
		OSSL_PARAM_construct_int(OSSL_OBJECT_PARAM_TYPE, &kind),
		OSSL_PARAM_construct_utf8_string(OSSL_OBJECT_PARAM_DATA_TYPE,
		    "EC", 0),
		OSSL_PARAM_construct_octet_string(OSSL_OBJECT_PARAM_REFERENCE,
		    &key, sizeof key),
		OSSL_PARAM_construct_end(),
	};

	taken = take(object, tag);
	key_free(key);
	return taken;
}

static int
decode(void *decoder, OSSL_CORE_BIO *in, int selection, OSSL_CALLBACK *take,
    void *tag, OSSL_PASSPHRASE_CALLBACK *ask, void *ask_tag)
{
	uint8_t bytes[LENGTH_MAX + 1];
	int begin = control(in, BIO_C_FILE_TELL, 0, NULL);
	void *key = NULL;

	ERR_set_mark();
	if (begin >= 0)
		key = decode_key(bytes, read_all(in, bytes));
	ERR_pop_to_mark();
	if (key != NULL)
		return give(key, take, tag);
	if (begin >= 0)
		(void)control(in, BIO_C_FILE_SEEK, begin, NULL);
	return decode_usually(decoder, in, selection, take, tag, ask, ask_tag);
}

static bool
take_core(const OSSL_DISPATCH *core)
{
	for (; core->function_id != 0; core++) {
		if (core->function_id == OSSL_FUNC_BIO_READ_EX)
			read_some = OSSL_FUNC_BIO_read_ex(core);
		else if (core->function_id == OSSL_FUNC_BIO_CTRL)
			control = OSSL_FUNC_BIO_ctrl(core);
	}
	return read_some != NULL && control != NULL;
}

static bool
take_keys(const OSSL_DISPATCH *keys)
{
	for (; keys->function_id != 0; keys++) {
		switch (keys->function_id) {
		case OSSL_FUNC_KEYMGMT_NEW:
			key_new = OSSL_FUNC_keymgmt_new(keys);
			break;
		case OSSL_FUNC_KEYMGMT_IMPORT:
			key_import = OSSL_FUNC_keymgmt_import(keys);
			break;
		case OSSL_FUNC_KEYMGMT_DUP:
			key_dup = OSSL_FUNC_keymgmt_dup(keys);
			break;
		case OSSL_FUNC_KEYMGMT_SET_PARAMS:
			key_set = OSSL_FUNC_keymgmt_set_params(keys);
			break;
		case OSSL_FUNC_KEYMGMT_FREE:
			key_free = OSSL_FUNC_keymgmt_free(keys);
			break;
		default:
			break;
		}
	}
	return key_new != NULL && key_import != NULL && key_dup != NULL &&
	    key_set != NULL && key_free != NULL;
}

static bool
take_usual(const OSSL_DISPATCH *usual)
{
	size_t count = 0;

	for (; usual->function_id != 0; usual++) {
		if (count == FUNCTIONS_MAX)
			return false;
		functions[count] = *usual;
		if (usual->function_id == OSSL_FUNC_DECODER_DECODE) {
			decode_usually = OSSL_FUNC_decoder_decode(usual);
			functions[count].function = (void (*)(void))decode;
		}
		count++;
	}
	return decode_usually != NULL;
}

const OSSL_DISPATCH *
curve_decoder(const OSSL_DISPATCH *usual, const OSSL_DISPATCH *keys,
    const OSSL_DISPATCH *core, OSSL_PROVIDER *provider)
{
	of_provider = OSSL_PROVIDER_get0_provider_ctx(provider);
	if (!take_core(core) || !take_keys(keys) || !take_usual(usual))
		return usual;
	for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++)
		if (!make_curve(&curves[i]))
			return usual;
	return functions;
}
