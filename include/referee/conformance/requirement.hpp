#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace referee::conformance {

/// How much the source asks for. MUST NOT counts as kMust, SHOULD NOT as kShould. kImpl is implied by the only reading
/// that makes the text work and counts as MUST inside its own specification.
enum class Level : std::uint8_t { kMust, kShould, kMay, kInfo, kClaim, kImpl };
std::string_view name(Level level);
std::optional<Level> parse_level(std::string_view text);

/// Versions of the distribution-spec by which a target is judged.
enum class Spec : std::uint8_t { kV1_0, kV1_1, kMain };
std::string_view name(Spec spec);  ///< "1.0", "1.1", "main"
std::optional<Spec> parse_spec(std::string_view text);

/// One sentence of a specification, in our words.
struct Requirement {
  std::string id;                     ///< `dist.pull.manifest.missing-404`
  std::string actor;                  ///< registry, client, runtime, model
  std::string section;                ///< heading in the source: "Pulling manifests"
  std::string text;                   ///< one sentence
  std::map<Spec, Level> levels;       ///< a version that does not ask for it has no entry
  std::map<Spec, std::string> links;  ///< versioned link for each version in `levels`
  std::vector<std::string> also;      ///< other names by which it is known: `O.ref.200`

  /// The level under `spec`; nullopt if that version does not ask for it.
  [[nodiscard]] std::optional<Level> level(Spec spec) const;
  /// The link for `spec`, or the newest there is.
  [[nodiscard]] std::string link(Spec spec) const;
};

/// All requirements, read from fixtures/requirements/*.json. Registering a name twice, be it an id or another name, is
/// an error of the ledger.
class Ledger {
 public:
  /// Parses the text of one ledger file and adds its requirements. Fails with the id or field that is wrong.
  tl::expected<void, std::string> add(std::string_view json, std::string_view origin);
  /// By its id or another name; nullptr if there is none.
  [[nodiscard]] const Requirement* find(std::string_view id) const;
  [[nodiscard]] const std::vector<Requirement>& all() const { return requirements_; }

  /// The ledger compiled into the binary. Ends the program with exit code 70 and one line if it is wrong.
  static const Ledger& builtin();

 private:
  std::vector<Requirement> requirements_;
  std::map<std::string, std::size_t, std::less<>> by_name_;  ///< ids and other names
};

}  // namespace referee::conformance
