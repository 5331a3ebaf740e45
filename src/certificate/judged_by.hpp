#pragma once

#include <initializer_list>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "referee/certificate/certificate.hpp"

namespace referee::certificate {

/// An entry of the predicate's configuration, or null.
nlohmann::json entry(const nlohmann::json& predicate, std::string_view name);
/// What stands at the end of a path of names, or null.
nlohmann::json at(const nlohmann::json& value, std::initializer_list<const char*> path);

/// By which Referee a certificate says that it is, and whether this one can judge the run. What only that one can is
/// undecided; a certificate that says otherwise than its run, or of this very commit what is not so, is refused.
/// Refers to what it is made of.
class JudgedBy {
 public:
  JudgedBy(const nlohmann::json& predicate, const std::map<std::string, std::string>& files, const Build& build)
      : predicate_(predicate), files_(files), build_(build) {}

  [[nodiscard]] tl::expected<void, NotVerified> check_build() const;
  [[nodiscard]] tl::expected<void, NotVerified> check_suite(const reports::Book& book) const;
  /// Of pulls that could not be judged.
  [[nodiscard]] NotVerified why_not(const NotJudged& failure) const;

 private:
  [[nodiscard]] std::string digest(std::string_view name, const char* algorithm) const;
  [[nodiscard]] NotVerified undecided(std::string_view why) const;

  const nlohmann::json& predicate_;
  const std::map<std::string, std::string>& files_;
  const Build& build_;
};

}  // namespace referee::certificate
