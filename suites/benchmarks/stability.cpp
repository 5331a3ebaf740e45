#include <fmt/format.h>

#include <numeric>

#include "mirror.hpp"
#include "sizes.hpp"

/// An image that is built reproducibly and signed every night. Where signing moves the tag there are two builders: one
/// adds to what the tag leads to, the other pushes the image to its tag again before it signs, as `docker push` would.
namespace referee::suites::benchmarks {
namespace {

/// A layer that is not lost in rounding beside manifests.
constexpr std::size_t kLayer = 100'000;

struct Month {
  std::size_t changes = 0;        ///< nights after which the tag led to another digest than before
  std::size_t without = 0;        ///< nights in which the tag led to nothing signed for a time
  std::vector<double> image;      ///< bytes to mirror, by night
  std::vector<double> reference;  ///< the same
  std::string first;              ///< digest that the tag led to after the first night
  std::string last;
};

double later(const std::vector<double>& bytes) {
  return bytes.empty() ? 0 : std::accumulate(bytes.begin() + 1, bytes.end(), 0.0);
}

class Stability {
 public:
  Stability(Grounds& grounds, const ScenarioOptions& options, std::size_t days, Account& account)
      : grounds_(grounds), options_(options), days_(days), account_(account) {}

  tl::expected<void, std::string> measure(const Contender& contender, Client& client) {
    if (!moves_tag(*contender.variant)) return measure(contender, client, contender.name, "nightly", true);
    auto done = measure(contender, client, contender.name + ", appended", "appended", false);
    if (done) done = measure(contender, client, contender.name + ", pushed again", "again", true);
    return done;
  }

  void close() {
    auto& result = account_.result;
    result.tables.push_back(std::move(table_));
    if (!moved_.empty()) {
      result.findings.push_back(
          fmt::format("In {} days of an image that never changed, the tag's digest changed with: "
                      "{}; a deployment by tag is rolled out again each time.",
                      days_, moved_));
    }
    if (!still_.empty()) result.findings.push_back("It never changed with: " + still_ + ".");
    result.findings.push_back(image_again_.empty()
                                  ? "No byte of the image had to be mirrored again with any of them: what moves is the "
                                    "list above it."
                                  : "Bytes of the image had to be mirrored again with: " + image_again_ + ".");
    if (!references_.series.empty()) {
      const auto found = extremes(references_, static_cast<double>(days_));
      result.findings.push_back(fmt::format("To mirror what was attached took {:.0f} bytes with {} and {:.0f} with {}.",
                                            found.low_value, found.low, found.high_value, found.high));
    }
    if (!bare_.empty())
      result.findings.push_back("Between push and signature the tag led to nothing signed: " + bare_ + ".");
    if (!gone_.empty()) {
      result.findings.push_back(
          "After garbage collection these digests do not resolve any more, so that whoever has "
          "pinned them cannot pull: " +
          gone_ + ".");
    }
    if (!unseen_.empty()) {
      result.findings.push_back(
          "Whoever has pinned the image's own digest finds none of its signatures with: " + unseen_ + ".");
    }
    result.charts.push_back(std::move(references_));
  }

 private:
  using Done = tl::expected<void, std::string>;

  Done measure(const Contender& contender, Client& client, const std::string& who, const std::string& tag, bool anew) {
    const auto image = image_of(grounds_.options().seed, "stability " + tag, tag, kLayer);
    Mirror mirror(client, *contender.variant, image);
    Month month;
    for (std::size_t day = 0; day < days_; ++day) {
      if (interrupted(options_)) return {};
      if (auto done = night(contender, client, image, day, anew, month); !done)
        return tl::unexpected(fmt::format("day {}: {}", day + 1, done.error()));
      auto subject = image.subject;
      if (const auto root = pull_root(*client.wire, subject); !root) return tl::unexpected(root.error().message);
      const auto fetched = mirror.synchronise(subject);
      if (!fetched) return tl::unexpected(fetched.error());
      month.image.push_back(static_cast<double>(fetched->image));
      month.reference.push_back(static_cast<double>(fetched->references));
    }
    tell(contender, client, who, image, month);
    return {};
  }

  Done night(const Contender& contender, Client& client, const Image& image, std::size_t day, bool anew,
             Month& month) const {
    if (day == 0 || anew) {
      if (auto pushed = push(client, image); !pushed) return pushed;
    }
    auto subject = image.subject;
    if (const auto root = pull_root(*client.wire, subject); !root) return tl::unexpected(root.error().message);
    const auto seed = grounds_.options().seed;
    const bool fresh = anew && moves_tag(*contender.variant);
    if (day > 0 && anew && !has_signature(*contender.variant, client, subject)) ++month.without;
    const auto given = signatures(seed, subject.descriptor.digest, 1, day);
    if (const auto done = client.proposal->attach(subject, given); !done) return tl::unexpected(done.error().message);
    const auto root = pull_root(*client.wire, subject);
    if (!root) return tl::unexpected(root.error().message);
    // A root that was pushed anew has the night's signature alone.
    const std::size_t count = fresh ? 1 : day + 1;
    const auto verified = verify(client, subject, policy_for(seed, Wanted::kAll, count), options_.parallel);
    if (auto why = wrong(verified, Wanted::kAll, count); !why.empty()) return tl::unexpected(std::move(why));
    const auto digest = root->digest().str();
    if (day == 0) month.first = digest;
    if (day > 0 && digest != month.last) ++month.changes;
    month.last = digest;
    return {};
  }

  /// Whether what the tag leads to is signed for whoever pulls by tag.
  static bool has_signature(const proposals::Variant& variant, Client& client, const proposals::Subject& subject) {
    // D's wrapping root is what a pull by tag gives; the digest tag beside it still leads to the one before.
    const auto root = subject.root ? subject.root->digest().str() : std::string();
    if (variant.id == "D/wrap" && root == subject.descriptor.digest) return false;
    const auto entries = client.proposal->discover(subject, {});
    return entries && !entries->empty();
  }

  static bool resolves(Client& client, const std::string& digest) {
    const auto answer = client.wire->get_manifest(digest, {200, 404});
    return answer && answer->status == 200 && oci::Digest::of(answer->body).str() == digest;
  }

  void tell(const Contender& contender, Client& client, const std::string& who, const Image& image,
            const Month& month) {
    const auto own = image.index.digest().str();
    // All that whoever has pinned the image's own digest has: no tag, and the index as it was.
    const proposals::Subject pinned{image.subject.descriptor, "", image.index};
    const auto entries = client.proposal->discover(pinned, {});
    const auto found = entries ? entries->size() : 0;
    const bool own_before = resolves(client, own);
    const bool first_before = resolves(client, month.first);
    const bool swept = grounds_.collect_garbage(contender.variant->profile);
    const bool own_after = resolves(client, own);
    const bool first_after = resolves(client, month.first);
    const auto said = [&](bool before, bool after) {
      return fmt::format("{}{}", before ? "yes" : "no", swept ? (after ? ", yes" : ", no") : "");
    };
    table_.rows.push_back({who, std::to_string(month.changes), fmt::format("{:.0f}", later(month.image)),
                           fmt::format("{:.0f}", later(month.reference)), fmt::format("{:.0f}", month.reference.back()),
                           std::to_string(month.without), said(own_before, own_after), std::to_string(found),
                           said(first_before, first_after)});
    const auto add = [](std::string& list, const std::string& text) { list += (list.empty() ? "" : ", ") + text; };
    if (month.changes > 0)
      add(moved_, fmt::format("{} ({} times)", who, month.changes));
    else
      add(still_, who);
    if (later(month.image) > 0) add(image_again_, fmt::format("{} ({:.0f})", who, later(month.image)));
    if (month.without > 0) add(bare_, fmt::format("{} in {} nights", who, month.without));
    if (!own_after) add(gone_, who + " (the image's own)");
    if (!first_after && month.first != own) add(gone_, who + " (the tag's of the first day)");
    if (found == 0) add(unseen_, who);
    double sum = 0;
    for (std::size_t day = 0; day < month.reference.size(); ++day) {
      sum += month.reference[day];
      Account::point(references_, who, static_cast<double>(day + 1), sum);
    }
    account_.sample("stability/" + who + "/digests-changed", "1", {static_cast<double>(month.changes)});
    account_.sample("stability/" + who + "/image-bytes", "B", {later(month.image)});
    account_.sample("stability/" + who + "/reference-bytes", "B", {later(month.reference)});
  }

  Grounds& grounds_;
  const ScenarioOptions& options_;
  std::size_t days_;
  Account& account_;
  std::string moved_, still_, image_again_, bare_, gone_, unseen_;
  bench::Table table_{
      "An image that never changes, built and signed every night; digests before and after garbage "
      "collection, where the registry can be told to",
      {"variant", "digests changed", "image bytes after the first day", "reference bytes after it", "on the last day",
       "nights with nothing signed for a time", "own digest resolves", "signatures from it",
       "the tag's first digest resolves"},
      {}};
  bench::Chart references_{
      "Bytes that a mirror fetches of what is attached", "day", "bytes, summed", false, true, {}, ""};
};

}  // namespace

Found run_stability(Grounds& grounds, const ScenarioOptions& options, std::size_t days) {
  Account account("stability",
                  "What an image that never changes costs those who follow its tag or its digest, if it is "
                  "signed every night.");
  Stability stability(grounds, options, days, account);
  measure_each(grounds, options, account, false,
               [&](const Contender& contender, Client& client) { return stability.measure(contender, client); });
  stability.close();
  return account.finish();
}

Found stability(Grounds& grounds, const ScenarioOptions& options) {
  return run_stability(grounds, options, 30);
}

}  // namespace referee::suites::benchmarks
