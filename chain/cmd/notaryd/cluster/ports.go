package cluster

import (
	"fmt"
	"net"
)

const (
	portsPerMember = 10
	portMax        = 65_535
)

// memberPorts are those that one member listens at, on the loopback interface.
type memberPorts [3]int

func (p memberPorts) p2p() string  { return loopback(p[0]) }
func (p memberPorts) rpc() string  { return loopback(p[1]) }
func (p memberPorts) grpc() string { return loopback(p[2]) }

func loopback(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }

// choosePorts counts up from a base, or takes any that are free where the base is 0.
func choosePorts(base, members int) ([]memberPorts, error) {
	if base < 0 || base+portsPerMember*members > portMax {
		return nil, fmt.Errorf("no room for the ports of %d members from %d on", members, base)
	}
	if base == 0 {
		return freePorts(members)
	}
	ports := make([]memberPorts, members)
	for i := range ports {
		first := base + portsPerMember*i
		ports[i] = memberPorts{first, first + 1, first + 2}
	}
	return ports, nil
}

// freePorts holds all of them until the last is found, so that none is given twice.
func freePorts(members int) ([]memberPorts, error) {
	ports := make([]memberPorts, members)
	for i := range ports {
		for j := range ports[i] {
			listener, err := net.Listen("tcp", loopback(0))
			if err != nil {
				return nil, err
			}
			defer listener.Close()
			ports[i][j] = listener.Addr().(*net.TCPAddr).Port
		}
	}
	return ports, nil
}
