#pragma once

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

/// The certificate's own files are read as `certify` writes them and in no other way: what nobody checks could be taken
/// for checked.
namespace referee::certificate {

/// An object, each name in it once. `what` begins the sentence.
tl::expected<nlohmann::json, std::string> strict_object(std::string_view text, std::string_view what);

/// Exactly these names; else the sentence.
tl::expected<void, std::string> has_only(const nlohmann::json& object, std::initializer_list<std::string_view> names,
                                         std::string_view what);

/// The bundle: one envelope with one signature of a key, and nothing beside them.
tl::expected<void, std::string> check_bundle_form(std::string_view bundle);
/// The statement around the predicate: files with one digest each, each file once.
tl::expected<nlohmann::json, std::string> read_statement_form(std::string_view statement);

/// The first thing that `given` says and `shown` does not, or the other way round; empty if they are the same.
std::string contradiction(const nlohmann::json& given, const nlohmann::json& shown);

/// What goes into a sentence: one line, no more than 100 characters of a value.
std::string said(const nlohmann::json& value);
/// The first of some differences, how many more there are, and where they are told.
std::string first_of(const std::vector<std::string>& differences, std::string_view told = "");

}  // namespace referee::certificate
