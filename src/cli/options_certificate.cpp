#include "option_parts.hpp"
#include "referee/certificate/certificate.hpp"

namespace referee::cli {

void add_replay(CLI::App& root, ReplayCommand& to) {
  auto& app = *root.add_subcommand("replay", "Judge a run once more from its recording, without the registry");
  app.add_option("RESULTS", to.results,
                 "Folder of `referee check` (results.json and recording.jsonl) or of `referee runtime` (pulls.jsonl)")
      ->check(CLI::ExistingDirectory.description(""))
      ->required();
  app.add_option("--check", to.select, "Only these checks: id or glob on ids; may be repeated")->type_name("PATTERN");
  app.footer(
      "Runs the same checks on the recorded answers and compares the verdicts with results.json. Nothing is sent to "
      "the\n"
      "registry; checks that start a registry of their own start it again on the loopback. Of a runtime, what each "
      "pull\n"
      "did is judged again, and all reports are made again.\n"
      "Times cannot be found out again.\n\n"
      "Examples:\n"
      "  referee replay results/mine\n"
      "  referee replay results/mine --check 'oci-1.1/tags/*'\n"
      "  referee replay results/podman\n\n"
      "Exit codes: 0 results.json says what the recording gives, 1 it does not, 2 usage, nothing to replay, "
      "or what another\nReferee recorded, which the line names, 5 no check is selected, 130 interrupted.");
}

void add_certify(CLI::App& root, CertifyCommand& to) {
  auto& app = *root.add_subcommand("certify", "Sign what a run has shown: a certificate that others can check");
  app.add_option("RESULTS", to.results,
                 "Folder of `referee check` with a whole suite, or of `referee runtime` with one runtime")
      ->check(CLI::ExistingDirectory.description(""))
      ->required();
  app.add_option("--key", to.key, "Private key, PEM (ECDSA P-256 or Ed25519, without a password)")
      ->check(CLI::ExistingFile.description(""))
      ->type_name("FILE")
      ->required();
  app.add_option(
         "--profile", to.profiles,
         "What is claimed: pull, push, discovery, management, proposal-a to proposal-f, or runtime; may be repeated; "
         "default: each of which no MUST failed")
      ->type_name("NAME");
  app.add_option("--expires", to.expires, "Days until the certificate expires, 1 to 1000")
      ->type_name("DAYS")
      ->check(CLI::Range(1, certificate::kMostDays).description(""))
      ->capture_default_str();
  app.add_option("--output", to.output, "Folder for the submission, new or empty (default RESULTS/submission)")
      ->check(named_folder())
      ->type_name("DIR");
  const std::string group = "PRODUCT.yaml";
  app.add_option("--vendor", to.vendor, "Who makes the product")->type_name("TEXT")->group(group);
  app.add_option("--product", to.product, "Its name (default: the target)")->type_name("TEXT")->group(group);
  app.add_option("--product-version", to.version, "Its version")->type_name("TEXT")->group(group);
  app.add_option("--website", to.website, "Where people read about it")->type_name("URL")->group(group);
  app.add_option("--documentation", to.documentation, "Where its documentation is")->type_name("URL")->group(group);
  app.add_flag("--attach", to.attach,
               "Also push the certificate to the registry that was judged, as a referrer of the submission");
  app.add_option("--repository", to.reference, "Where --attach pushes to (default NAMESPACE/certificate)")
      ->type_name("NAME")
      ->check(repository_name(255));
  add_connection(app, to.connection);
  app.footer(
      "Refuses a Referee built from changed sources, another suite than its own, a part of a suite, a run that was "
      "cut,\n"
      "and results that the recording does not give.\n\n"
      "Examples:\n"
      "  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem\n"
      "  openssl pkey -in key.pem -pubout -out key.pub\n"
      "  referee certify results/mine --key key.pem --vendor Example --product 'Example Registry'\n"
      "  referee certify results/mine --key key.pem --profile pull --profile push --attach\n"
      "  referee runtime podman --results results/podman && referee certify results/podman --key key.pem\n\n"
      "Exit codes: 0 certified, 1 refused, 2 usage, or a folder without results, 3 the registry does not take what\n"
      "--attach pushes, 130 interrupted.");
}

void add_verify_certificate(CLI::App& root, VerifyCertificateCommand& to) {
  auto& app = *root.add_subcommand("verify-certificate", "Check a certificate offline, and judge its recording again");
  app.add_option("FOLDER", to.folder, "Submission that `referee certify` made")
      ->check(CLI::ExistingDirectory.description(""))
      ->required();
  app.add_option("--key", to.key, "Public key of who certifies, PEM")
      ->check(CLI::ExistingFile.description(""))
      ->type_name("FILE")
      ->required();
  app.add_option("--at", to.at, "Time at which it is to hold, e.g. 2027-01-31T00:00:00Z (default: now)")
      ->type_name("TIME");
  app.footer(
      "Checks signature, validity, digests and the suite, then runs the checks on the recorded answers: results that\n"
      "were edited are found even if they were signed again. README.md and badges are made again, and\n"
      "PRODUCT.yaml but for the vendor's own words. A registry's report.html, junit.xml and all times are only as "
      "good\n"
      "as the signature; a runtime's reports are made again. What else is in the folder is named; links are "
      "refused.\n\n"
      "Examples:\n"
      "  referee verify-certificate results/mine/submission --key key.pub\n\n"
      "Exit codes: 0 it holds; 1 it does not, so too if a file that it signs is changed or missing; 2 usage, a folder\n"
      "that has no certificate.sigstore.json, or one that another Referee judged: that is not decided here, and the\n"
      "line names the version and commit that can. 130 interrupted.");
}

}  // namespace referee::cli
