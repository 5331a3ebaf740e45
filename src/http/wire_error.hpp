#pragma once

#include <curl/curl.h>

#include <string>
#include <string_view>

#include "transfer.hpp"

namespace referee::http {

/// What libcurl's code means for us. `detail` is libcurl's error buffer, `authority` the host that was spoken to.
Error wire_error(CURLcode code, std::string_view detail, const Transfer& transfer, std::string_view authority);

}  // namespace referee::http
