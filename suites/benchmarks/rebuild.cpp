#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "rebuild_report.hpp"
#include "referee/bench/statistics.hpp"
#include "referee/signing/bundle.hpp"
#include "sizes.hpp"
#include "store_wire.hpp"

/// A repository of images that are built reproducibly by each commit, as the seed's pathological case has it: one of
/// them changes, all are signed again. Each signature is attached by itself, since what a list leaves behind when it is
/// written anew is part of the question. At most 5 verifications are timed at each count.
namespace referee::suites::benchmarks {
namespace {

constexpr int kMostPages = 10'000;

/// One repository, as it is built again and again.
class Repository {
 public:
  Repository(Client& client, StoreWire& wire, std::uint64_t seed, const RebuildSizes& sizes)
      : client_(client), wire_(wire), seed_(seed), sizes_(sizes) {}

  tl::expected<void, std::string> begin() {
    for (std::size_t number = 0; number < sizes_.images; ++number) {
      images_.push_back(make(number, 0));
      if (auto pushed = push(client_, images_.back()); !pushed) return pushed;
    }
    return {};
  }

  /// The build of this number, from 0 on. What could not be attached is a failure of the proposal's.
  proposals::Outcome<void> build(std::size_t number) {
    const auto changed = 1 + number % (sizes_.images - 1);
    images_[changed] = make(changed, number + 1);
    if (auto pushed = push(client_, images_[changed]); !pushed)
      return tl::unexpected(proposals::Failure{proposals::FailureKind::kRefused, pushed.error()});
    wire_.moved(images_[changed].subject.tag, images_[changed].index.digest().str());
    for (auto& image : images_) {
      const auto given = signatures(seed_, image.subject.descriptor.digest, 1, number);
      if (auto done = client_.proposal->attach(image.subject, given); !done) return done;
    }
    return {};
  }

  /// The one that never changes.
  [[nodiscard]] const Image& constant() const { return images_.front(); }

  /// Tags in the repository, as its list says.
  [[nodiscard]] tl::expected<std::size_t, std::string> tags() const {
    const auto walk =
        distribution::walk_pages(*client_.registry, client_.registry->list_tags(client_.repository), {}, kMostPages);
    if (!walk) return tl::unexpected(walk.error().message);
    std::size_t count = 0;
    for (const auto& page : walk->pages) {
      const auto json = nlohmann::json::parse(page.response.body, nullptr, false);
      if (page.response.status != 200 || !json.is_object() || !json.contains("tags") || !json["tags"].is_array())
        return tl::unexpected(fmt::format("the tag list was answered {}", page.response.status));
      count += json["tags"].size();
      // A scratch tag by which a client found out about conditions, where tags cannot be deleted.
      count -= static_cast<std::size_t>(std::ranges::count(json["tags"], "referee-conditions"));
    }
    return count;
  }

 private:
  [[nodiscard]] Image make(std::size_t number, std::size_t version) const {
    return image_of(seed_, fmt::format("rebuild {} {}", number, version), fmt::format("app-{:03}", number));
  }

  Client& client_;
  StoreWire& wire_;
  std::uint64_t seed_;
  const RebuildSizes& sizes_;
  std::vector<Image> images_;
};

struct Timed {
  std::vector<double> seconds;
  proposals::Cost cost;
};

tl::expected<Timed, std::string> verify_often(Client& client, const proposals::Subject& subject, std::uint64_t seed,
                                              Wanted wanted, std::size_t count, const ScenarioOptions& options) {
  auto policy = policy_for(seed, wanted, count);
  // The newest, where others would ask for the one in the middle.
  for (auto& annotation : policy.annotations) annotation.second = std::to_string(count - 1);
  Timed timed;
  const int turns = options.repetitions_asked ? options.repetitions : std::min(options.repetitions, 5);
  for (int turn = 0; turn <= turns && !interrupted(options); ++turn) {
    const auto verified = verify(client, subject, policy, options.parallel);
    if (auto why = wrong(verified, wanted, count); !why.empty()) return tl::unexpected(std::move(why));
    if (turn > 0) timed.seconds.push_back(verified->seconds);
    timed.cost = verified->cost;
  }
  return timed;
}

/// What is there after so many builds.
tl::expected<RebuildPoint, std::string> look(Client& client, const Contender& contender, const Repository& repository,
                                             const StoreWire& wire, std::uint64_t seed, std::size_t builds,
                                             const ScenarioOptions& options) {
  auto subject = repository.constant().subject;
  const auto root = pull_root(*client.wire, subject);
  if (!root) return tl::unexpected(root.error().message);
  const auto tags = repository.tags();
  if (!tags) return tl::unexpected(tags.error());
  const auto before = client.wire->cost();
  const auto entries = client.proposal->discover(subject, {std::string(signing::kBundleType), "sig"});
  if (!entries) return tl::unexpected(entries.error().message);
  RebuildPoint point;
  point.builds = builds;
  point.found = entries->size();
  point.list_bytes = (client.wire->cost() - before).bytes_down;
  point.document = contender.variant->in_image ? static_cast<std::uint64_t>(root->size()) : point.list_bytes;
  // A list that is the image's own has come with it.
  if (point.list_bytes == 0) point.list_bytes = point.document;
  point.tags = *tags;
  point.stored = wire.stored();
  point.superseded = wire.superseded();
  const auto newest = verify_often(client, subject, seed, Wanted::kOne, builds, options);
  if (!newest) return tl::unexpected("policy one: " + newest.error());
  const auto all = verify_often(client, subject, seed, Wanted::kAll, builds, options);
  if (!all) return tl::unexpected("policy all: " + all.error());
  point.newest = newest->seconds;
  point.newest_requests = newest->cost.requests;
  point.all = all->seconds;
  point.all_requests = all->cost.requests;
  return point;
}

tl::expected<void, std::string> measure_rebuild(Grounds& grounds, const ScenarioOptions& options,
                                                const RebuildSizes& sizes, const Contender& contender, Client& client,
                                                RebuildReport& report) {
  const auto seed = grounds.options().seed;
  // Sizes follow each other in repositories of their own.
  client.repository += fmt::format("-g{}", sizes.images);
  auto owned = std::make_unique<StoreWire>(*client.registry, client.repository);
  auto& wire = *owned;
  const proposals::Settings settings{.inlined = contender.inlined};
  if (auto done = rewire(client, *contender.variant, settings, std::move(owned)); !done) return done;
  wire.forget();
  Repository repository(client, wire, seed, sizes);
  if (auto done = repository.begin(); !done) return done;
  for (std::size_t build = 0; build < sizes.builds; ++build) {
    if (interrupted(options)) return {};
    const auto built = repository.build(build);
    if (!built && built.error().kind == proposals::FailureKind::kLimit) {
      report.limit(contender, build + 1, built.error().message);
      return {};
    }
    if (!built) return tl::unexpected(fmt::format("build {}: {}", build + 1, built.error().message));
    const auto count = build + 1;
    // 1, 2, 4, ... and the last.
    if ((count & build) != 0 && count != sizes.builds) continue;
    auto point = look(client, contender, repository, wire, seed, count, options);
    if (!point) return tl::unexpected(fmt::format("after {} builds, {}", count, point.error()));
    if (!interrupted(options)) report.add(contender, *point);
  }
  return {};
}

}  // namespace

Found run_rebuild(Grounds& grounds, const ScenarioOptions& options, std::span<const RebuildSizes> sizes) {
  Account account("rebuild", "What piles up on images that are built reproducibly and signed again by every build.");
  for (const auto& size : sizes) {
    if (size.images < 2) return tl::unexpected(std::string("it takes at least two images"));
    RebuildReport report(account, size);
    measure_each(grounds, options, account, true, [&](const Contender& contender, Client& client) {
      return measure_rebuild(grounds, options, size, contender, client, report);
    });
    report.close();
  }
  return account.finish();
}

Found rebuild(Grounds& grounds, const ScenarioOptions& options) {
  static constexpr std::array kDefault{RebuildSizes{12, 50}};
  static constexpr std::array kFull{RebuildSizes{12, 2000}, RebuildSizes{40, 2000}, RebuildSizes{100, 2000}};
  if (options.full) return run_rebuild(grounds, options, kFull);
  return run_rebuild(grounds, options, kDefault);
}

}  // namespace referee::suites::benchmarks
