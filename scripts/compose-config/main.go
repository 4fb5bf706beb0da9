// Prints the services of a compose file as JSON, as `docker compose config --format json` does: by the library that Docker
// Compose itself reads its files with. What the specification does not allow is refused.
//
//	compose-config FILE ENVFILE [PROFILE …]
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
)

func main() {
	if len(os.Args) < 3 {
		fail(fmt.Errorf("expected FILE ENVFILE [PROFILE …]"))
	}
	options, err := cli.NewProjectOptions(
		os.Args[1:2],
		cli.WithEnvFiles(os.Args[2]),
		cli.WithDotEnv,
		cli.WithProfiles(os.Args[3:]),
	)
	fail(err)
	project, err := options.LoadProject(context.Background())
	fail(err)
	printed, err := project.MarshalJSON()
	fail(err)
	fmt.Println(string(printed))
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "compose-config:", err)
		os.Exit(1)
	}
}
