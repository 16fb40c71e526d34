#include <curl/curl.h>

/* curl_easy_setopt and curl_easy_getinfo are variadic (and macros), which Swift cannot import: one typed function a kind. */

static inline CURLcode gatepost_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode gatepost_curl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode gatepost_curl_set_pointer(CURL *handle, CURLoption option, const void *value) {
    return curl_easy_setopt(handle, option, value);
}

typedef size_t (*gatepost_curl_sink)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode gatepost_curl_set_sink(CURL *handle, CURLoption option, gatepost_curl_sink sink) {
    return curl_easy_setopt(handle, option, sink);
}

typedef int (*gatepost_curl_seek)(void *context, curl_off_t offset, int origin);

static inline CURLcode gatepost_curl_set_seek(CURL *handle, CURLoption option, gatepost_curl_seek seek) {
    return curl_easy_setopt(handle, option, seek);
}

static inline CURLcode gatepost_curl_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode gatepost_curl_get_string(CURL *handle, CURLINFO info, char **value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLMcode gatepost_curl_multi_set_long(CURLM *handle, CURLMoption option, long value) {
    return curl_multi_setopt(handle, option, value);
}

/* The handle's own, valid until its next transfer. */
static inline CURLcode gatepost_curl_get_certificates(CURL *handle, struct curl_certinfo **info) {
    return curl_easy_getinfo(handle, CURLINFO_CERTINFO, info);
}
