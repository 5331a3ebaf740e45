#include <fmt/format.h>

#include <chrono>
#include <cmath>

#include "formula.hpp"
#include "referee/bench/statistics.hpp"
#include "sizes.hpp"

/// Pulls of a repository in which a part of the images is signed, once each: index by tag, manifest, config, layer, and
/// what there is to verify. An image without a signature has to be refused.
namespace referee::suites::benchmarks {
namespace {

using std::chrono::steady_clock;

/// Index by tag, manifest, config and layer: a pull without a proposal.
constexpr std::uint64_t kPlainPull = 4;

struct Pull {
  double seconds = 0;
  double verification = 0;
  std::uint64_t requests = 0;
  std::string wrong;
};

/// The requests of a verification by fixtures/formulas.json, where all of `count` are wanted, and of what a pull by tag
/// takes more than one of an image without attachments.
std::uint64_t formula(const proposals::Variant& variant, std::uint64_t count) {
  const Symbols symbols{{"N", count}, {"M", count}, {"any", count > 0 ? 1 : 0}, {"pages", 1}, {"seek", 1}};
  return requests_of(variant.id, false, "verify", symbols).value_or(0) +
         requests_of(variant.id, false, "pull", symbols).value_or(0);
}

Pull pull_once(Client& client, const Image& image, std::uint64_t seed, bool is_signed, std::size_t parallel) {
  Pull pull;
  const auto before = client.wire->cost();
  const auto begun = steady_clock::now();
  auto subject = image.subject;
  auto pulled = pull_image(client, subject.tag, parallel);
  if (!pulled) {
    pull.wrong = pulled.error();
  } else if (pulled->manifest.digest() != image.package.digest()) {
    pull.wrong = "the pull gave another image";
  }
  if (!pull.wrong.empty()) return pull;
  subject.root = std::move(pulled->root);
  const std::size_t count = is_signed ? 1 : 0;
  const auto verified = verify(client, subject, policy_for(seed, Wanted::kAll, count), parallel);
  pull.seconds = std::chrono::duration<double>(steady_clock::now() - begun).count();
  pull.wrong = wrong(verified, Wanted::kAll, count);
  if (verified) pull.verification = verified->seconds;
  pull.requests = (client.wire->cost() - before).requests;
  return pull;
}

class SignedFraction {
 public:
  SignedFraction(Grounds& grounds, const ScenarioOptions& options, const SignedFractionSizes& sizes, Account& account)
      : seed_(grounds.options().seed), options_(options), sizes_(sizes), account_(account) {}

  tl::expected<void, std::string> measure(const Contender& contender, Client& client) {
    std::vector<Image> images;
    for (std::size_t number = 0; number < sizes_.images; ++number) {
      images.push_back(image_of(seed_, fmt::format("signed-fraction {}", number), fmt::format("app-{}", number)));
      if (auto pushed = push(client, images.back()); !pushed) return pushed;
    }
    std::size_t is_signed = 0;
    for (const double share : sizes_.shares) {
      const auto wanted = static_cast<std::size_t>(std::lround(share * static_cast<double>(images.size())));
      for (; is_signed < wanted; ++is_signed) {
        auto& subject = images[is_signed].subject;
        const auto done = client.proposal->attach(subject, signatures(seed_, subject.descriptor.digest, 1));
        if (!done) return tl::unexpected(done.error().message);
      }
      if (auto done = pull_all(contender, client, images, share, is_signed); !done) return done;
      if (interrupted(options_)) return {};
    }
    return {};
  }

  void close() {
    account_.result.tables.push_back(std::move(table_));
    account_.result.tables.push_back(std::move(unsigned_));
    if (!sizes_.shares.empty()) {
      const double first = sizes_.shares.front();
      const auto free = those(requests_, first, [](double value) { return value <= double{kPlainPull}; });
      const auto found = extremes(requests_, first);
      if (!found.low.empty() && first == 0) {
        account_.result.findings.push_back(
            fmt::format("That nothing is signed costs no request with: {}. With the others it costs at most {:.0f} a "
                        "pull, beside {} for the image.",
                        free.empty() ? "none" : free, found.high_value - double{kPlainPull}, kPlainPull));
      }
      const double last = sizes_.shares.back();
      const auto all = extremes(times_, last);
      if (all.low != all.high) {
        account_.result.findings.push_back(fmt::format(
            "With {:.0f} % of the images signed, a verified pull takes {} ms with {} and {} ms with {}, "
            "medians.",
            last * 100, in_milliseconds(all.low_value), all.low, in_milliseconds(all.high_value), all.high));
      }
    }
    account_.result.findings.push_back(
        other_.empty() ? fmt::format("Requests per pull are s*R(1) + (1-s)*R(0) by the formulas in all {} rows.", rows_)
                       : "Requests per pull differ from s*R(1) + (1-s)*R(0): " + other_ + ".");
    account_.result.charts.push_back(std::move(requests_));
    account_.result.charts.push_back(std::move(times_));
  }

 private:
  tl::expected<void, std::string> pull_all(const Contender& contender, Client& client, const std::vector<Image>& images,
                                           double share, std::size_t is_signed) {
    std::vector<double> seconds;
    std::vector<double> learning;
    std::uint64_t requests = 0;
    for (std::size_t number = 0; number < images.size() && !interrupted(options_); ++number) {
      const auto pull = pull_once(client, images[number], seed_, number < is_signed, options_.parallel);
      if (!pull.wrong.empty()) {
        return tl::unexpected(fmt::format("{:.0f} % signed, image {} ({}): {}", share * 100, number,
                                          number < is_signed ? "signed" : "not signed", pull.wrong));
      }
      requests += pull.requests;
      seconds.push_back(pull.seconds);
      if (number >= is_signed) learning.push_back(pull.verification);
    }
    if (seconds.size() < images.size()) return {};
    const auto per_pull = static_cast<double>(requests) / static_cast<double>(images.size());
    const auto expected = is_signed * formula(*contender.variant, 1) +
                          (images.size() - is_signed) * formula(*contender.variant, 0) + images.size() * kPlainPull;
    ++rows_;
    if (requests != expected)
      other_ += fmt::format("{}{} at {:.0f} % ({} for {})", other_.empty() ? "" : ", ", contender.name, share * 100,
                            requests, expected);
    table_.rows.push_back({contender.name, fmt::format("{}", share), fmt::format("{:.2f}", per_pull),
                           fmt::format("{:.2f}", static_cast<double>(expected) / static_cast<double>(images.size())),
                           in_milliseconds(seconds, 0.5), in_milliseconds(seconds, 0.95)});
    if (!learning.empty() && share == sizes_.shares.front()) {
      unsigned_.rows.push_back({contender.name, std::to_string(formula(*contender.variant, 0)),
                                in_milliseconds(learning, 0.5), in_milliseconds(learning, 0.95),
                                fmt::format("{:.0f} %", bench::median(learning) / bench::median(seconds) * 100)});
    }
    Account::point(requests_, contender.name, share, per_pull);
    Account::point(times_, contender.name, share, bench::median(seconds));
    account_.sample(fmt::format("signed-fraction/{}/s:{}", contender.name, share), "s", std::move(seconds));
    account_.sample(fmt::format("signed-fraction/{}/s:{}/requests", contender.name, share), "1", {per_pull});
    return {};
  }

  std::uint64_t seed_;
  const ScenarioOptions& options_;
  const SignedFractionSizes& sizes_;
  Account& account_;
  std::size_t rows_ = 0;
  std::string other_;
  bench::Table table_{"Verified pulls by the part of the images that is signed; p50 and p95 in ms",
                      {"variant", "s", "requests per pull", "by the formulas", "p50", "p95"},
                      {}};
  bench::Table unsigned_{"Learning that there is no signature, where few are; p50 and p95 in ms",
                         {"variant", "requests by the formulas", "p50", "p95", "part of the pull"},
                         {}};
  bench::Chart requests_{
      "Requests per verified pull", "part of the images that is signed", "requests", false, false, {}, ""};
  bench::Chart times_{
      "Time of a verified pull", "part of the images that is signed", "median, seconds", false, false, {}, ""};
};

}  // namespace

Found run_signed_fraction(Grounds& grounds, const ScenarioOptions& options, const SignedFractionSizes& sizes) {
  Account account("signed-fraction",
                  "What pulls cost where a part of the images is signed, and what it costs to learn that one is not.");
  SignedFraction fraction(grounds, options, sizes, account);
  measure_each(grounds, options, account, false,
               [&](const Contender& contender, Client& client) { return fraction.measure(contender, client); });
  fraction.close();
  return account.finish();
}

Found signed_fraction(Grounds& grounds, const ScenarioOptions& options) {
  SignedFractionSizes sizes;
  if (options.full) sizes.images = 1000;
  return run_signed_fraction(grounds, options, sizes);
}

}  // namespace referee::suites::benchmarks
