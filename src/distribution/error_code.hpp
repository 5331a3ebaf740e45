#pragma once

#include <string>

#include "referee/http/message.hpp"

namespace referee::distribution {

/// The first code of an error body (distribution-spec, "Error Codes"); empty if there is none that is fit to print.
std::string error_code(const http::Response& response);

/// "405 UNSUPPORTED", or "405" where there is no code.
std::string status_and_code(const http::Response& response);

}  // namespace referee::distribution
