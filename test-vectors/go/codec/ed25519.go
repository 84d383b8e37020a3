package codec

import (
	"crypto/ed25519"
	"math/big"
	"slices"
)

var (
	fieldPrime = number("57896044618658097711785492504343953926634992332820282019728792003956564819949")
	groupOrder = number("7237005577332262213973186563042994240857116359379907606001950938285454250989")
	// smallOrder holds the y coordinates of the eight points whose order divides the cofactor.
	smallOrder = []*big.Int{
		number("0"),
		number("1"),
		number("2707385501144840649318225287225658788936804267575313519463743609750303402022"),
		number("55188659117513257062467267217118295137698188065244968500265048394206261417927"),
		number("57896044618658097711785492504343953926634992332820282019728792003956564819948"),
	}
)

// verifyEd25519 decides what libraries disagree on, then asks the standard library, which checks
// the equation without cofactor.
func verifyEd25519(key, message, signature []byte) bool {
	if len(key) != ed25519.PublicKeySize || len(signature) != ed25519.SignatureSize {
		return false
	}
	s := littleEndian(signature[32:])
	isStrict := s.Cmp(groupOrder) < 0 && isStrictPoint(key) && isStrictPoint(signature[:32])
	return isStrict && ed25519.Verify(key, message, signature)
}

// isStrictPoint refuses encodings that are not canonical and points of small order.
func isStrictPoint(encoded []byte) bool {
	y := littleEndian(encoded)
	y.SetBit(y, 255, 0) // the sign of x
	isSmall := slices.ContainsFunc(smallOrder, func(small *big.Int) bool { return small.Cmp(y) == 0 })
	return y.Cmp(fieldPrime) < 0 && !isSmall
}

func littleEndian(bytes []byte) *big.Int {
	reversed := slices.Clone(bytes)
	slices.Reverse(reversed)
	return new(big.Int).SetBytes(reversed)
}

func number(text string) *big.Int {
	value, ok := new(big.Int).SetString(text, 10)
	if !ok {
		panic(text)
	}
	return value
}
