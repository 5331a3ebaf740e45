#pragma once

#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "referee/http/credentials.hpp"

namespace referee::http {

/// The credential for one host in docker's config.json: its entry in `credHelpers`, else in `auths`, else `credsStore`.
/// Null when there is none. A missing file is an error only if `required`.
tl::expected<std::shared_ptr<const CredentialStore>, std::string> docker_config_credential(const std::string& path,
                                                                                           const std::string& host,
                                                                                           bool required);

}  // namespace referee::http
