#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "referee/bench/result.hpp"

/// What the readers of result files share. A field that is absent or of another type is empty, 0 or null.
namespace referee::bench::fields {

std::string text(const nlohmann::json& from, const char* key);
double number(const nlohmann::json& from, const char* key);
/// The list of that name, or null.
const nlohmann::json& list(const nlohmann::json& from, const char* key);
const nlohmann::json& object(const nlohmann::json& from, const char* key);
/// Digits; 0 if it is anything else.
std::uint64_t seed(const std::string& digits);
/// Of a `host` object.
Host host(const nlohmann::json& from);

/// Each of one form of file.
tl::expected<std::vector<Result>, std::string> read_scenario(const nlohmann::json& document);
tl::expected<std::vector<Result>, std::string> read_growth(const nlohmann::json& document);
tl::expected<std::vector<Result>, std::string> read_grid(const nlohmann::json& document);

}  // namespace referee::bench::fields
