#pragma once

#include <functional>
#include <string>
#include <tl/expected.hpp>

#include "referee/distribution/registry.hpp"

namespace referee::suites::benchmarks {

/// The repository that is filled: image number i has the tag `n-<i>`, a layer of its own, and one of the referrers of
/// the subject. Everything follows from the seed, so that nothing has to be remembered.
class GrowthGround {
 public:
  GrowthGround(referee::distribution::Registry& registry, std::string repository, std::uint64_t seed);

  /// The subject, and another image with one referrer. Fails with what was answered instead of 201.
  tl::expected<void, std::string> prepare();
  /// The images from number `first` up to, not including, `last`, on so many threads.
  tl::expected<void, std::string> fill(int first, int last, int writers, const std::function<bool()>& interrupted);

  [[nodiscard]] referee::distribution::Registry& registry() const { return registry_; }
  [[nodiscard]] const std::string& repository() const { return repository_; }
  [[nodiscard]] oci::Package image(int number) const;
  [[nodiscard]] oci::Package referrer(int number) const;
  static std::string tag(int number);
  [[nodiscard]] const oci::Package& subject() const { return subject_; }
  [[nodiscard]] const oci::Package& lonely() const { return lonely_; }  ///< it has one referrer
  /// The same again, whatever was drawn before.
  [[nodiscard]] oci::Random random(std::string_view purpose, int number) const;

 private:
  [[nodiscard]] oci::Package drawn(std::string_view purpose) const;
  tl::expected<void, std::string> push(const oci::Package& package, const std::string& reference = "");

  referee::distribution::Registry& registry_;
  std::string repository_;
  std::uint64_t seed_;
  oci::Package subject_;
  oci::Package lonely_;
};

}  // namespace referee::suites::benchmarks
